using BenchmarkDotNet.Running;
using Bus.Benchmarks.Actors;

// "figures": a quick table of the actor runtime, without a benchmark's rigour. Anything else goes to BenchmarkDotNet.
if (args is ["figures", ..])
{
    await ActorFigures.RunAsync();
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(ActorFigures).Assembly).Run(args);
return 0;
