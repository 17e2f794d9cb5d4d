using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>
/// The 1Password account at the other end: what op-emulator is told through its HOME, and what it was asked. The members of
/// the scenario are described at <c>Scenario</c> in tests/OpEmulator.
/// </summary>
internal sealed class Account(string home)
{
    readonly JsonObject _scenario = new() { ["version"] = "1.12.9", ["account"] = "acme", ["password"] = "correct horse" };

    /// <summary>Changes the scenario; effective from the next call of op on.</summary>
    public Account With(string member, JsonNode? value)
    {
        _scenario[member] = value;
        File.WriteAllText(Path.Combine(home, "op-emulator.json"), _scenario.ToJsonString());
        return this;
    }

    /// <summary>Adds a fault, such as <c>{"command":"list events","call":2,"do":"hang"}</c>.</summary>
    public Account WithFault(string fault)
    {
        var faults = (_scenario["faults"] as JsonArray)?.DeepClone().AsArray() ?? [];
        faults.Add(JsonNode.Parse(fault));
        return With("faults", faults);
    }

    public Account WithoutFaults() => With("faults", new JsonArray());

    /// <summary>Puts <paramref name="count"/> ordinary events into the log, a minute apart, the last of them a minute ago.</summary>
    public long[] Log(int count, long first = 1000, int step = 7)
    {
        var eids = Enumerable.Range(0, count).Select(i => first + ((long)i * step)).ToArray();
        Append([.. eids.Select((eid, i) => Event(eid, DateTimeOffset.UtcNow.AddMinutes(i - count)))]);
        return eids;
    }

    /// <summary>Adds lines to the log as they are; a prefix such as <c>@eid=5 @after=2⇥</c> controls the emulator.</summary>
    public void Append(params string[] lines) =>
        File.AppendAllLines(Events, lines);

    /// <summary>Makes another account the same as this one, on which nobody has called op yet.</summary>
    public void CopyTo(Account other)
    {
        foreach (var (member, value) in _scenario)
        {
            other.With(member, value?.DeepClone());
        }

        File.Copy(Events, other.Events, overwrite: true);
    }

    public void Empty() => File.WriteAllText(Events, "");

    public static string Event(long eid, DateTimeOffset? time = null, string action = "create") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"eid":{{eid}},"time":"{{(time ?? DateTimeOffset.UtcNow).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}","actorUuid":"CTHSZQHLERKQXM2YFC3S4U5ZU4","action":"{{action}}","objectType":"user","objectUuid":"LI6KK5C42R2Z7E6G2OX7W7H6OI"}""");

    /// <summary>Every call of op so far: its command and arguments in one string.</summary>
    public string[] Calls => [.. Journal.Select(call => string.Join(' ', call["args"]!.AsArray().Select(argument => (string?)argument)))];

    public JsonObject[] Journal => File.Exists(Path.Combine(home, "op-journal.ndjson"))
        ? [.. File.ReadAllLines(Path.Combine(home, "op-journal.ndjson")).Select(line => JsonNode.Parse(line)!.AsObject())]
        : [];

    public void ForgetCalls() => File.Delete(Path.Combine(home, "op-journal.ndjson"));

    string Events => Path.Combine(home, "op-events.ndjson");
}
