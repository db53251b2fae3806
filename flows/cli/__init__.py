"""What all commands share: options, output, progress, the end; `commands` has the commands themselves."""
