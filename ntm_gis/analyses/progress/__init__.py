"""Progress of road works: claims, judged; lengths, money, days."""
