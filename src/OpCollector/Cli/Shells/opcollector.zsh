#compdef opcollector
# zsh completion for opcollector. Debian's package installs it; by hand: source <(opcollector completion zsh)
_opcollector() {
    local line
    local -a found
    while IFS= read -r line; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done < <(command ${words[1]} complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    # Where there is nothing to choose from, it is a file.
    if (( $#found )); then
        _describe opcollector found
    else
        _files
    fi
}
if [[ ${funcstack[1]} == _opcollector ]]; then
    _opcollector "$@"
else
    compdef _opcollector opcollector
fi
