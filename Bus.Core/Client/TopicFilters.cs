using System.Collections;
using System.Runtime.CompilerServices;

namespace Bus.Core.Client;

/// <summary>
/// The filters of one subscription: a string becomes one, and <c>["orders.*", "users.>"]</c> becomes several. Validated when
/// it is made. A message that two of them match arrives twice.
/// </summary>
[CollectionBuilder(typeof(TopicFilters), nameof(Create))]
public sealed class TopicFilters : IReadOnlyList<string>
{
    private readonly string[] _filters;

    /// <param name="filters">At least one filter.</param>
    /// <exception cref="ArgumentException">There is none, or one is not valid; the message names the token.</exception>
    public TopicFilters(params IEnumerable<string> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        _filters = [.. filters];
        if (_filters.Length == 0) throw new ArgumentException("A subscription needs at least one filter, such as 'orders.*'.", nameof(filters));
        foreach (var filter in _filters) Bus.Core.Topic.ValidateFilter(filter);
    }

    /// <inheritdoc />
    public int Count => _filters.Length;

    /// <inheritdoc />
    public string this[int index] => _filters[index];

    /// <summary>One filter.</summary>
    public static implicit operator TopicFilters(string filter) => FromString(filter);

    /// <summary>One filter.</summary>
    public static TopicFilters FromString(string filter) => new([filter]);

    /// <summary>Several filters; what a collection expression calls.</summary>
    public static TopicFilters Create(ReadOnlySpan<string> filters) => new(filters.ToArray());

    /// <inheritdoc />
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_filters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public override string ToString() => string.Join(", ", _filters);
}
