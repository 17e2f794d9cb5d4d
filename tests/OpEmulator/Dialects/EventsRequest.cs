namespace OpEmulator.Dialects;

/// <summary>What a call of <c>list events</c> asks the server for.</summary>
internal sealed record EventsRequest(EventsDirection Direction, long Eid);
