namespace ServeBench.Load.Native;

/// <summary>
/// A doubly linked list through the connections themselves, so that nothing is allocated. A connection is in one list at most.
/// </summary>
internal sealed class ConnectionList
{
    public Connection? First { get; private set; }

    public Connection? Last { get; private set; }

    public void AddLast(Connection connection)
    {
        connection.Previous = Last;
        connection.Next = null;
        if (Last is null) First = connection;
        else Last.Next = connection;
        Last = connection;
    }

    public void Remove(Connection connection)
    {
        if (connection.Previous is null) First = connection.Next;
        else connection.Previous.Next = connection.Next;
        if (connection.Next is null) Last = connection.Previous;
        else connection.Next.Previous = connection.Previous;
        connection.Previous = null;
        connection.Next = null;
    }
}
