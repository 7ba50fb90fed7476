package io.espalier.service.http;

import io.espalier.configs.fault.Backoff;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that accepts sockets, and reports when one can be read or written (Schmidt, Reactor,
 * 1995). An accept is a few system calls, so that thousands at once delay the next by milliseconds.
 * Thread-safe.
 */
final class SocketReactor {
  private static final Logger LOG = LoggerFactory.getLogger(SocketReactor.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final ServerSocketChannel server;
  private final Selector selector;
  private final SelectionKey accepts;
  private final InetSocketAddress address;
  private final int most;
  private final int mostLingering;
  private final int sendBufferBytes;
  private final Consumer<Accepted> user;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Set<Accepted> lingering = Collections.synchronizedSet(new LinkedHashSet<>());
  private final CompletableFuture<Void> unbound = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Backoff pauses = Backoff.exponential(SHORTEST_PAUSE, LONGEST_PAUSE);
  private volatile boolean isOver;

  /** Runs once when an operation is possible. Confined to the reactor's thread. */
  private static final class Interest {
    private Runnable read = () -> {};
    private Runnable write = () -> {};
  }

  /** An accepted socket, whose user must end it once. Thread-safe. */
  final class Accepted {
    private final SocketChannel channel;
    private final InetAddress address;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Accepted(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBufferBytes);
      this.address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
    }

    InetAddress address() {
      return address;
    }

    /** Returns 0 where there are no bytes yet, and -1 at their end. */
    int read(ByteBuffer bytes) throws IOException {
      return channel.read(bytes);
    }

    /** Writes what there is room for. */
    void write(ByteBuffer[] bytes) throws IOException {
      channel.write(bytes);
    }

    /** Runs {@code ready} once when there are bytes, or their end; not after the socket's end. */
    void awaitRead(Runnable ready) {
      execute(() -> await(channel, SelectionKey.OP_READ, interest -> interest.read = ready));
    }

    /** Runs {@code ready} once when there is room for bytes; not after the socket's end. */
    void awaitWrite(Runnable ready) {
      execute(() -> await(channel, SelectionKey.OP_WRITE, interest -> interest.write = ready));
    }

    /**
     * Sends the end of what is written. The socket lingers from now on; where too many do, the one
     * that lingers longest is closed.
     */
    void endOutput() throws IOException {
      channel.shutdownOutput();
      linger(this);
    }

    void close() {
      if (isClosed.compareAndSet(false, true)) {
        quietly(channel);
        lingering.remove(this);
        selector.wakeup();
        if (open.decrementAndGet() == most - 1) {
          execute(SocketReactor.this::acceptAgain);
        }
        endIfDone();
      }
    }

    /** Closes at once: what is unsent is lost, and the peer sees a reset. */
    void abort() {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // Closed already.
        return;
      } finally {
        close();
      }
    }
  }

  /**
   * Binds and starts to accept.
   *
   * @param most sockets at once; more stay with the kernel until one ends
   * @param mostLingering of them that linger
   * @param user receives each socket on the reactor's thread, and must not block
   */
  SocketReactor(
      InetSocketAddress address,
      int backlog,
      int sendBufferBytes,
      int most,
      int mostLingering,
      Consumer<Accepted> user)
      throws IOException {
    this.most = most;
    this.sendBufferBytes = sendBufferBytes;
    this.mostLingering = mostLingering;
    this.user = user;
    this.server = ServerSocketChannel.open();
    try {
      server.configureBlocking(false);
      server.bind(address, backlog);
      this.address = (InetSocketAddress) server.getLocalAddress();
      this.selector = Selector.open();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    this.accepts = server.register(selector, SelectionKey.OP_ACCEPT);
    Thread thread = new Thread(this::run, "espalier-http-sockets");
    thread.setDaemon(true);
    thread.start();
  }

  /** The bound address, with the real port. */
  InetSocketAddress address() {
    return address;
  }

  /** Completes when no more sockets are accepted. */
  CompletionStage<Void> unbind() {
    execute(
        () -> {
          quietly(server);
          unbound.complete(null);
          endIfDone();
        });
    return unbound;
  }

  /** Completes when no more sockets are accepted, and all are closed. */
  CompletionStage<Void> ended() {
    return ended;
  }

  /** Ends the thread; sockets that are open must be closed by their users. */
  void end() {
    isOver = true;
    selector.wakeup();
  }

  private void linger(Accepted socket) {
    Optional<Accepted> longest = Optional.empty();
    synchronized (lingering) {
      if (!socket.isClosed.get()) {
        lingering.add(socket);
      }
      if (lingering.size() > mostLingering) {
        longest = lingering.stream().findFirst();
      }
    }
    longest.ifPresent(Accepted::close);
  }

  private void endIfDone() {
    if (unbound.isDone() && open.get() == 0) {
      ended.complete(null);
    }
  }

  private void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void run() {
    try (selector) {
      while (!isOver) {
        selector.select(this::ready);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          guarded(task);
        }
      }
    } catch (IOException e) {
      LOG.error("the sockets of a server must be selectable: cause={}", e.toString());
    } finally {
      quietly(server);
      unbound.complete(null);
      ended.complete(null);
    }
  }

  /** One socket's failure must not end the thread of all. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a socket's user must not fail", e);
    }
  }

  private void ready(SelectionKey key) {
    if (key == accepts) {
      guarded(this::accept);
      return;
    }
    try {
      int ready = key.readyOps();
      key.interestOpsAnd(~ready);
      Interest interest = (Interest) key.attachment();
      if ((ready & SelectionKey.OP_READ) != 0) {
        guarded(interest.read);
      }
      if ((ready & SelectionKey.OP_WRITE) != 0) {
        guarded(interest.write);
      }
    } catch (CancelledKeyException e) {
      // Its user has closed it meanwhile.
      return;
    }
  }

  private void await(SocketChannel channel, int operation, Consumer<Interest> ready) {
    try {
      SelectionKey known = channel.keyFor(selector);
      SelectionKey key = known == null ? channel.register(selector, 0, new Interest()) : known;
      ready.accept((Interest) key.attachment());
      key.interestOpsOr(operation);
    } catch (ClosedChannelException | CancelledKeyException e) {
      // Its user has closed it meanwhile.
      return;
    }
  }

  private void accept() {
    try {
      for (SocketChannel next = next(); next != null; next = next()) {
        open.incrementAndGet();
        hand(next);
        pauses.reset();
      }
    } catch (IOException e) {
      pause(e);
    }
  }

  private @Nullable SocketChannel next() throws IOException {
    if (open.get() >= most) {
      accepts.interestOps(0);
      return null;
    }
    return server.accept();
  }

  private void hand(SocketChannel channel) {
    Accepted socket;
    try {
      socket = new Accepted(channel);
    } catch (IOException e) {
      // Its client has gone already.
      quietly(channel);
      open.decrementAndGet();
      return;
    }
    try {
      user.accept(socket);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void acceptAgain() {
    if (accepts.isValid()) {
      accepts.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  /** Such as while the process has as many files as it may open. */
  private void pause(IOException failure) {
    if (!accepts.isValid()) {
      return;
    }
    Duration pause = pauses.next();
    LOG.warn("a connection must be accepted: cause={}, pause={}", failure.toString(), pause);
    accepts.interestOps(0);
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> execute(this::acceptAgain));
  }

  private static void quietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("a socket must close: cause={}", e.toString());
    }
  }
}
