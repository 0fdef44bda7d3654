"""What people gave to works: money, labour, land."""
