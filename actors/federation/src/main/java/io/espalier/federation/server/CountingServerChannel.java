package io.espalier.federation.server;

import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;

/** Passes every accepted connection to the {@link ConnectionLimiter} first. */
final class CountingServerChannel extends NioServerSocketChannel {
  private final ConnectionLimiter connections;

  public CountingServerChannel(ConnectionLimiter connections) {
    this.connections = connections;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int count = super.doReadMessages(accepted);
    if (count == 1) {
      NioSocketChannel child = (NioSocketChannel) accepted.get(accepted.size() - 1);
      if (!connections.admit(child)) {
        accepted.remove(accepted.size() - 1);
        child.unsafe().closeForcibly();
        return 0;
      }
    }
    return count;
  }
}
