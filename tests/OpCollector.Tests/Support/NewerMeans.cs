namespace OpCollector.Tests.Support;

/// <summary>What a server may give when it is asked for the events newer than an id; 1Password has not said.</summary>
public enum NewerMeans
{
    NextAscending,
    NextDescending,
    NextShuffled,
    Newest,
}
