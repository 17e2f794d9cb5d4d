using System.Collections;

namespace OpCollector;

/// <summary>The variables of an environment, by name.</summary>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string> values)
{
    public static EnvironmentVariables None { get; } = new(new Dictionary<string, string>());

    public IEnumerable<KeyValuePair<string, string>> All => values;

    /// <summary>A variable; null where it is not set.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>The environment of this process.</summary>
    public static EnvironmentVariables FromProcess() => new(Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? ""));

    /// <summary>Those with some names.</summary>
    public EnvironmentVariables Where(Func<string, bool> isWanted) => new(values.Where(each => isWanted(each.Key)).ToDictionary());

    /// <summary>A copy with one variable set.</summary>
    public EnvironmentVariables With(string name, string value) => new(new Dictionary<string, string>(values) { [name] = value });
}
