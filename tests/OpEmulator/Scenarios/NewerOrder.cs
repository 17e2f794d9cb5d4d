namespace OpEmulator.Scenarios;

/// <summary>What the server may mean by "newer": no public source says it.</summary>
internal enum NewerOrder
{
    Ascending,
    Descending,
    Newest100,
    Shuffled,
}
