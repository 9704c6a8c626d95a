namespace Bus.Cli.Execution;

/// <summary>The command line asks for something that cannot be; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command did not do its job; the message says what and what to do. Exit code 1.</summary>
internal sealed class FailureException(string message) : Exception(message);
