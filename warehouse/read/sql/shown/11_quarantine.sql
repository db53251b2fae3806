-- Whole entries as printed, with whatever is in them.
update ops.quarantine
set detail = '', entry_text = ''
where core.family_of(source) in (select source from core.terms)
