namespace OrderServices;

/// <summary>What the user service is asked: the method <c>get</c>.</summary>
internal sealed record GetUser(int Id);

internal sealed record User(int Id, string Name, string Role);

/// <summary>What the role service is asked: the method <c>get</c>.</summary>
internal sealed record GetRole(string User);

internal sealed record Role(string Name);

/// <summary>What the order service is asked: the methods <c>place</c> and <c>price</c>.</summary>
internal sealed record Order(int User, string Article, int Pieces);

internal sealed record Placed(string Text);
