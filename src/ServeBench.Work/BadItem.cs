namespace ServeBench.Work;

/// <summary>An item that no server can process; sent among good ones, it shows whether one bad item makes them fail too.</summary>
/// <param name="Shown">What it is, for people: <c>an empty text</c>.</param>
/// <param name="Alone">A request of it alone.</param>
/// <param name="Among">A request of several items: the first reference, the bad item, the second reference.</param>
public sealed record BadItem(string Shown, WorkRequest Alone, WorkRequest Among);
