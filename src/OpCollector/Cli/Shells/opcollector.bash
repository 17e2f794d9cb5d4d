# bash completion for opcollector. Debian's package installs it; by hand: source <(opcollector completion bash)
_opcollector() {
    local word=${COMP_WORDS[COMP_CWORD]} line value words=()
    # What is written may hold quotes, and bash takes --option=value for three words; the program wants the words themselves.
    for line in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [ "$line" = "=" ] || words+=("${line//[\"\'\\]/}")
    done
    [ "$word" != "=" ] || word=
    words+=("${word//[\"\'\\]/}")
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        case $word in
            \"*) COMPREPLY+=("$value") ;;
            *) COMPREPLY+=("$(printf %q "$value")") ;;
        esac
    done < <(command "${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
}
# Where there is nothing to choose from, it is a file.
complete -o default -F _opcollector opcollector
