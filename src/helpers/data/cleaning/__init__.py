"""From what respondents wrote to numbers, units, months and places, by declared rules.

Nothing is dropped and nothing guessed in silence: what a rule had to decide, and what no rule could read, is
named by a flag beside the value.
"""
