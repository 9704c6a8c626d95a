namespace Bus.Core;

/// <summary>Who may declare and delete topics while the bus runs.</summary>
public enum TopicChanges
{
    /// <summary>Everybody who is on the bus: whoever is let in is trusted with the policies of all.</summary>
    ByAnyone,

    /// <summary>The process that runs the bus. Requests of those who have connected are refused.</summary>
    InProcess,

    /// <summary>Nobody: there are the topics that the bus was started with, and no others.</summary>
    None,
}
