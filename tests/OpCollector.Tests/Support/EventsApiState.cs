using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>Lets time pass for a collector of the Events API, by its checkpoint.</summary>
internal static class EventsApiState
{
    /// <summary>Puts the last look back so far into the past that the next run looks back again.</summary>
    public static void LetTheLookBackBeDue(Sandbox host, string stream, double hours = 7) =>
        Change(host, stream, position => position["rereadAt"] = DateTimeOffset.UtcNow.AddHours(-hours));

    /// <summary>Changes the position of a stream as a run would have written it.</summary>
    public static void Change(Sandbox host, string stream, Action<JsonObject> change)
    {
        var checkpoint = host.Checkpoint.AsObject();
        change(checkpoint["streams"]![stream]!.AsObject());
        checkpoint.Remove("checksum");
        var json = Encoding.UTF8.GetBytes(checkpoint.ToJsonString())[..^1];
        File.WriteAllText(
            host.State("checkpoint.json"),
            $"{Encoding.UTF8.GetString(json)},\"checksum\":\"sha256:{Convert.ToHexStringLower(SHA256.HashData(json))}\"}}\n");
    }
}
