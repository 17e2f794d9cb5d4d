# fish completion for opcollector. Debian's package installs it; by hand: opcollector completion fish | source
function __opcollector_complete
    set -l words (commandline -opc)
    set -l found (command $words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    # Where there is nothing to choose from, it is a file.
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c opcollector -f -a '(__opcollector_complete)'
