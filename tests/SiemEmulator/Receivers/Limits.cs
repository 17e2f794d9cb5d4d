namespace SiemEmulator.Receivers;

/// <summary>How much one request may carry, decompressed, and whether it may be compressed.</summary>
internal sealed record Limits(int Events = int.MaxValue, int Bytes = int.MaxValue, bool Gzip = true);
