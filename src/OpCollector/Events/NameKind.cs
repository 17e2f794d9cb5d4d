namespace OpCollector.Events;

/// <summary>What has a name of its own behind a uuid.</summary>
internal enum NameKind
{
    User,
    Group,
    Vault,
}
