namespace Bus.Actors; internal static class Placeholder { }
