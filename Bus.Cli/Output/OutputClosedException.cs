namespace Bus.Cli.Output;

/// <summary>Whoever read our output has closed it.</summary>
internal sealed class OutputClosedException(Exception inner) : Exception("The output was closed by its reader.", inner);
