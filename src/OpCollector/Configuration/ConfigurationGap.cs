namespace OpCollector.Configuration;

/// <summary>
/// A place in a configuration that lacks a value or has a wrong one, and what is put there so that the rest can be read: one value after
/// the other, until the readers of the settings accept one.
/// </summary>
internal sealed class ConfigurationGap(InvalidValue invalid)
{
    // As text, number and so on; then two times of day, because working hours do not end when they begin, a day, and a time zone; the
    // last ones are a whole sink and a whole source.
    static readonly string[] Values =
    [
        "\"https://opcollector.invalid/\"", "\"opcollector\"", "\"1m\"", "1", "true",
        "\"04:07\"", "\"04:08\"", "\"Mon\"", "\"Etc/UTC\"",
        """{"env":"OPCOLLECTOR"}""", """["opcollector"]""", "{}", """{"type":"stdout"}""",
        """{"type":"op","op":{"account":"opcollector","password":{"env":"OPCOLLECTOR"}}}""",
    ];

    readonly Queue<string> _values = new([.. invalid.Choices.Select(choice => $"\"{choice}\""), .. Values]);
    bool _isLeftOut = invalid.Wrong is null;

    /// <summary>The object or the list that it is in.</summary>
    public ConfigurationMember Owner => invalid.Owner;

    /// <summary>Leaves the value out, then puts one after the other in its place.</summary>
    /// <returns>Whether there was one left to try.</returns>
    public bool TryFill()
    {
        if (Owner.IsList)
        {
            return Owner.Items.Remove(invalid.Wrong!) && Owner.Items.Count > 0;
        }

        if (!_isLeftOut)
        {
            _isLeftOut = true;
            return Owner.Members.Remove(invalid.Name);
        }

        if (!_values.TryDequeue(out var value))
        {
            return false;
        }

        Owner.Members[invalid.Name] = ConfigurationFile.StandIn(value, invalid);
        return true;
    }
}
