using System.Text;
using SiemEmulator.Http;

namespace SiemEmulator;

/// <summary>
/// One request as it came, what was answered, and what the receiver itself thought of it, whatever the script made of that.
/// </summary>
/// <param name="Received">The body's bytes on the wire, without the framing of HTTP.</param>
/// <param name="Body">The same, decompressed.</param>
/// <param name="Status">What was answered; 0 when nothing was.</param>
/// <param name="Refusal">Why the receiver does not want it; none when it does.</param>
internal sealed record SiemRequest(
    Head Head, byte[] Received, byte[] Body, int Status, IReadOnlyList<string> Ids, IReadOnlyList<string> Stored, string? Refusal)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Head.Header(name);
}
