package io.espalier.actors.federation.gateway.connection;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelProgressiveFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelProgressiveFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelProgressivePromise;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection. As a handler it is the one next to the socket, where it counts what was read and
 * what was written, also of a buffer of which only a part went out.
 *
 * <p>Thread-safe where it is no handler.
 */
final class Connection extends ChannelDuplexHandler {
  private final Channel channel;
  private final Connections all;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private volatile Optional<String> client = Optional.empty();

  Connection(Channel channel, Connections all) {
    this.channel = channel;
    this.all = all;
  }

  Optional<String> client() {
    return client;
  }

  void name(String owner) {
    client = Optional.of(owner);
  }

  WireBytes bytes() {
    return new WireBytes(received.get(), sent.get());
  }

  /** Closes the socket; closed from above, HTTP/2 would wait for a peer to read its farewell. */
  void cut() {
    var unused = channel.pipeline().context(this).close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf buffer) {
      int bytes = buffer.readableBytes();
      received.addAndGet(bytes);
      all.received(bytes);
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ChannelProgressivePromise counted = context.newProgressivePromise();
    var unused = context.write(message, counted.addListener(new Writing(promise)));
  }

  /** Counts the progress of one buffer, and passes its end on. */
  private final class Writing implements ChannelProgressiveFutureListener {
    private final ChannelPromise promise;
    private long written;

    Writing(ChannelPromise promise) {
      this.promise = promise;
    }

    @Override
    public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
      sent.addAndGet(progress - written);
      all.sent(progress - written);
      written = progress;
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture future) {
      if (future.isSuccess()) {
        promise.trySuccess();
      } else {
        promise.tryFailure(future.cause());
      }
    }
  }
}
