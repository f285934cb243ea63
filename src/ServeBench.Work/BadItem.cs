namespace ServeBench.Work;

/// <summary>Something that no server can do what it is for with: by it is seen whether one bad item fails those executed with it.</summary>
/// <param name="Shown">What it is, for people: <c>an empty text</c>.</param>
/// <param name="Alone">A request of it alone.</param>
/// <param name="Among">A request of several items: the first reference, the bad item, the second reference.</param>
public sealed record BadItem(string Shown, WorkRequest Alone, WorkRequest Among);
