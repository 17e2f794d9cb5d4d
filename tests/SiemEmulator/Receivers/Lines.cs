namespace SiemEmulator.Receivers;

/// <summary>Cuts a body into its lines.</summary>
internal static class Lines
{
    /// <summary>The lines without their ends; none at all when the last has no end.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> body)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                return [];
            }

            lines.Add(body[..end]);
            body = body[(end + 1)..];
        }

        return lines;
    }
}
