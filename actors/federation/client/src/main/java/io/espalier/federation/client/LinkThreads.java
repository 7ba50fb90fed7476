package io.espalier.federation.client;

import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Threads of any number of links in one process. Closed after the links. Thread-safe. */
public final class LinkThreads implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Queue<ManagedChannel> ending = new ConcurrentLinkedQueue<>();
  private final EventLoopGroup sockets;
  private final ExecutorService executor;
  private final ScheduledExecutorService timer;

  private LinkThreads(int threads) {
    sockets =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("espalier-link-socket", true), NioIoHandler.newFactory());
    executor =
        Executors.newFixedThreadPool(threads, new DefaultThreadFactory("espalier-link", true));
    timer = ProgressTimeout.timer("espalier-link-timer");
  }

  /** {@code threads} serve handlers and files, beside one for sockets and one for timers. */
  public static LinkThreads start(int threads) {
    return new LinkThreads(threads);
  }

  EventLoopGroup sockets() {
    return sockets;
  }

  ExecutorService executor() {
    return executor;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  /** Ends a channel, whose socket needs these threads until it is closed. */
  void end(ManagedChannel channel) {
    channel.shutdownNow();
    ending.removeIf(ManagedChannel::isTerminated);
    ending.add(channel);
  }

  @Override
  public void close() {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    try {
      for (ManagedChannel channel : ending) {
        channel.awaitTermination(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    executor.shutdown();
    var unused = sockets.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
