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
 * One connection. As a handler it is the one next to the socket, where it counts what was read and
 * what was written, also of a buffer of which only a part went out.
 *
 * <p>Thread-safe where it is no handler.
 */
final class ClientConnection extends ChannelDuplexHandler {
  private final Channel channel;
  private final ConnectionLimiter all;
  private final ProgressTimeout heard;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private volatile Optional<String> client = Optional.empty();

  /** Cuts itself once nothing has come from the peer for {@code silence}. */
  ClientConnection(
      Channel channel, ConnectionLimiter all, ScheduledExecutorService timer, Duration silence) {
    this.channel = channel;
    this.all = all;
    this.heard = ProgressTimeout.start(timer, silence, this::cut);
  }

  Optional<String> client() {
    return client;
  }

  /** Called once it is closed. */
  void stop() {
    heard.stop();
  }

  void name(String owner) {
    client = Optional.of(owner);
  }

  WireBytes bytes() {
    return new WireBytes(received.get(), sent.get());
  }

  /** Closes the socket; closed from above, HTTP/2 would wait for a peer to read its farewell. */
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
      heard.progress();
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
