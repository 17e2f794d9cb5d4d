using OpCollector.Access;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using Serilog;

namespace OpCollector.Cli;

/// <summary>
/// Asks the source what its lists show now of the vault, the group or the person that somebody asks about. Where it tells nothing, the
/// events do.
/// </summary>
internal sealed class AccessLists(NameDirectory directory, AccessHistory history, TimeProvider time, ILogger log)
{
    // op is asked one after the other, and each answer takes seconds.
    const int MostGroups = 100;

    public async Task ReadAsync(Entity thing, CancellationToken ct)
    {
        if (!directory.HasNames)
        {
            log.Warning("This source has no lists of members and of access. The answer is from the events alone");
            return;
        }

        switch (thing.Kind)
        {
            case NameKind.Group:
                await ReadMembersAsync(thing, ct);
                await ReadListAsync(NameKind.Vault, thing, ct);
                break;
            case NameKind.Vault:
                if (await ReadListAsync(NameKind.User, thing, ct) && await ReadListAsync(NameKind.Group, thing, ct))
                {
                    await EachAsync(history.AsOf(time.GetUtcNow()).GrantsOn(thing).Select(grant => grant.Of), ReadMembersAsync, ct);
                }

                break;
            default:
                if (await ReadListAsync(NameKind.Group, thing, ct) && await ReadListAsync(NameKind.Vault, thing, ct))
                {
                    await EachAsync(
                        history.AsOf(time.GetUtcNow()).HoldingsOf(thing).Select(held => held.On),
                        (group, stop) => ReadListAsync(NameKind.Vault, group, stop),
                        ct);
                }

                break;
        }
    }

    async Task EachAsync(IEnumerable<Entity> things, Func<Entity, CancellationToken, Task<bool>> readAsync, CancellationToken ct)
    {
        Entity[] groups = [.. things.Where(each => each.Kind == NameKind.Group)];
        foreach (var group in groups.Take(MostGroups))
        {
            if (!await readAsync(group, ct))
            {
                return;
            }
        }

        if (groups.Length > MostGroups)
        {
            log.Warning(
                "The lists of {Groups:l} were read. Of {Others:l} the events alone tell",
                Quantity.Format(MostGroups, "group"),
                Quantity.Format(groups.Length - MostGroups, "other"));
        }
    }

    Task<bool> ReadMembersAsync(Entity group, CancellationToken ct) => TryAsync(async () =>
    {
        var json = await directory.ListMembersAsync(group.Uuid, ct);
        Add(group, NameKind.User, NameListJson.ReadMembers(json).ToDictionary(each => each.Uuid, each => AccessChange.RightOf(each.Role)));
        Learn(NameKind.User, json);
    });

    Task<bool> ReadListAsync(NameKind shows, Entity of, CancellationToken ct) => TryAsync(async () =>
    {
        var json = await directory.ListOfAsync(shows, of.Kind, of.Uuid, ct);
        Add(of, shows, Learn(shows, json).ToDictionary(each => each.Uuid, _ => (string?)null));
    });

    IReadOnlyList<NamedEntity> Learn(NameKind kind, ReadOnlyMemory<byte> json)
    {
        var named = NameListJson.Read(json);
        foreach (var each in named)
        {
            history.Learn(kind, each.Uuid, each.Name, each.Email);
        }

        return named;
    }

    void Add(Entity of, NameKind shows, Dictionary<string, string?> rights) =>
        history.Add(new AccessList(of.Kind, of.Uuid, shows, rights, time.GetUtcNow()));

    /// <returns>Whether there is a list.</returns>
    async Task<bool> TryAsync(Func<Task> readAsync)
    {
        try
        {
            await readAsync();
            return true;
        }
        catch (Failure failure)
        {
            log.Warning("{Reason:l}. The answer is from the events alone", failure.Message.TrimEnd('.'));
            return false;
        }
    }
}
