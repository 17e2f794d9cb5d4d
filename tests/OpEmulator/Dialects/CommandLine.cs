namespace OpEmulator.Dialects;

/// <summary>The arguments of one call, split into the command, its operands and its flags.</summary>
internal sealed record CommandLine(
    string Command,
    IReadOnlyList<string> Operands,
    IReadOnlyDictionary<string, string> Flags,
    bool StartsWithFlag)
{
    public static CommandLine Parse(string[] args, Func<string, bool> takesNextArgument)
    {
        var words = new List<string>();
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is not ['-', ..])
            {
                words.Add(args[i]);
                continue;
            }

            var (name, value) = Split(args[i]);
            flags[name] = value ?? (takesNextArgument(name) && i + 1 < args.Length ? args[++i] : "");
        }

        return Name(words, flags, args is [['-', ..], ..]);
    }

    public bool Has(string flag) => Flags.ContainsKey(flag);

    public string? Value(string flag) => Flags.GetValueOrDefault(flag);

    static (string Name, string? Value) Split(string flag)
    {
        var equals = flag.IndexOf('=', StringComparison.Ordinal);
        var name = (equals < 0 ? flag : flag[..equals]).TrimStart('-');
        return (name, equals < 0 ? null : flag[(equals + 1)..]);
    }

    static CommandLine Name(List<string> words, Dictionary<string, string> flags, bool startsWithFlag) => words switch
    {
        [] when flags.ContainsKey("version") || flags.ContainsKey("v") => new("--version", [], flags, StartsWithFlag: false),
        [] => new("", [], flags, startsWithFlag),
        ["list", var kind, .. var operands] => new($"list {kind}", operands, flags, startsWithFlag),
        [var command, .. var operands] => new(command, operands, flags, startsWithFlag),
    };
}
