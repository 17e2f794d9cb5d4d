# bash completion for opcollector. Debian's package installs it; by hand: source <(opcollector completion bash)
_opcollector() {
    local word=${COMP_WORDS[COMP_CWORD]} line value quote= rest char apostrophe="'\\''" words=()
    # What is written may hold quotes, and bash takes --option=value for three words; the program wants the words themselves.
    for line in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [ "$line" = "=" ] || words+=("${line//[\"\'\\]/}")
    done
    [ "$word" != "=" ] || word=
    words+=("${word//[\"\'\\]/}")
    # The quote that is open at the end of the word.
    rest=$word
    while [ -n "$rest" ]; do
        char=${rest:0:1} rest=${rest:1}
        case $quote$char in
            \\ | \"\\) rest=${rest:1} ;;
            \" | \') quote=$char ;;
            \"\" | \'\') quote= ;;
        esac
    done
    COMPREPLY=()
    # A name is what somebody has called themselves. It must stay a word, whatever it holds: bash runs $(...) within double quotes.
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        case $quote in
            \")
                # Here nothing keeps bash from replacing an exclamation mark by what was typed before.
                [[ $value != *'!'* ]] || continue
                value=${value//\\/\\\\} value=${value//\"/\\\"} value=${value//\$/\\\$} value=${value//\`/\\\`}
                COMPREPLY+=("$value")
                ;;
            \') COMPREPLY+=("${value//\'/$apostrophe}") ;;
            *) COMPREPLY+=("$(printf %q "$value")") ;;
        esac
    done < <(command "${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
}
# Where there is nothing to choose from, it is a file.
complete -o default -F _opcollector opcollector
