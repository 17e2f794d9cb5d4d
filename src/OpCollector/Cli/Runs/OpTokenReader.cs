using OpCollector.Configuration;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Cli.Runs;

/// <summary>Reads a token of the Events API that is in an item of 1Password itself, with <c>op read</c>.</summary>
/// <param name="place">Where the configuration asks for it.</param>
/// <param name="reference">The <c>op://vault/item/field</c> of the item.</param>
internal sealed class OpTokenReader(ConfigurationMember place, string reference, EnvironmentVariables environment, TimeProvider time)
    : TokenReader
{
    public override Task<string> ReadAsync(CancellationToken ct) => OpRead.ReadAsync(place, reference, environment, time, ct);
}
