"""The trial's thirteen municipalities with invented people: as many courses, contacts and mentors as the talk's figures say."""
