using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>What a receiver judges: a request that has come in completely.</summary>
internal sealed record Call(Head Head, byte[] Received, byte[] Body);
