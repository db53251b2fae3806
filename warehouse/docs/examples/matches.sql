select rule, count(*) as decisions, min(score) as least_bits from marts.matches group by rule
