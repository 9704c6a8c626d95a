namespace Actors;

/// <summary>Puts some pieces of an article aside. Asked of <see cref="Topics.Reserve"/>.</summary>
internal sealed record Reserve(string Warehouse, string Article, int Pieces);

/// <summary>The answer: it is done, and so many are left.</summary>
internal sealed record Reserved(int Left);

/// <summary>Something that happened in the shop. Told to <see cref="Topics.Events"/>.</summary>
internal sealed record ShopEvent(string Text, bool IsLast = false);

internal static class Topics
{
    public const string Reserve = "inventory.reserve";
    public const string Events = "shop.events";
}
