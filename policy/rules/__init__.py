"""The rules in Cedar: what nobody may, whatever an activity lists."""
