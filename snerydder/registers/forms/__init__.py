"""The forms a weekly register comes in. Each ends in the same `Raw`: persons × weeks of code numbers, in the order of the keys."""
