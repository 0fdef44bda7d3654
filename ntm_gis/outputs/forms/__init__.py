"""The forms an office hands in: annexes of the plan, periodic reports, reminders, the dossier."""
