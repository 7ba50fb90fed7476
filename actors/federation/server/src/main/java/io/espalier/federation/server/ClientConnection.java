package io.espalier.federation.server;

import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelProgressiveFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelProgressiveFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelProgressivePromise;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection. As a Netty handler it is next to the socket, where it counts the bytes read and
 * written, also of a partly written buffer. Thread-safe, except as a handler.
 */
final class ClientConnection extends ChannelDuplexHandler {
  private final Channel channel;
  private final GatewayConnections all;
  private final ProgressTimeout silenceTimeout;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private volatile Optional<String> client = Optional.empty();

  /** Closes itself after {@code silence} without a byte from the peer. */
  ClientConnection(
      Channel channel, GatewayConnections all, ScheduledExecutorService timer, Duration silence) {
    this.channel = channel;
    this.all = all;
    this.silenceTimeout = ProgressTimeout.start(timer, silence, this::cut);
  }

  Optional<String> client() {
    return client;
  }

  void stop() {
    silenceTimeout.stop();
  }

  void name(String owner) {
    client = Optional.of(owner);
  }

  WireBytes bytes() {
    return new WireBytes(received.get(), sent.get());
  }

  /** Closes the socket at once: closed from above, HTTP/2 would wait for the peer. */
  void cut() {
    ChannelHandlerContext context = channel.pipeline().context(this);
    if (context != null) {
      var unused = context.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf buffer) {
      int bytes = buffer.readableBytes();
      received.addAndGet(bytes);
      all.received(bytes);
      silenceTimeout.progress();
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ChannelProgressivePromise counted = context.newProgressivePromise();
    var unused = context.write(message, counted.addListener(new Writing(promise)));
  }

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
