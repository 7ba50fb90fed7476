package io.espalier.actors.federation.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A wire that a test can cut or stall: forwards bytes between clients and a server. */
final class Relay implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong toClient = new AtomicLong();
  private final AtomicBoolean stalled = new AtomicBoolean();
  private volatile InetSocketAddress server;
  private volatile long cutAfter = Long.MAX_VALUE;

  Relay(InetSocketAddress server) throws IOException {
    this.server = server;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    run(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  /** New connections go there. */
  void to(InetSocketAddress other) {
    server = other;
  }

  /** Cuts all once so many more bytes have passed, both ways together. */
  void cutAfter(long bytes) {
    cutAfter = toServer.get() + toClient.get() + bytes;
  }

  void stall(boolean now) {
    synchronized (stalled) {
      stalled.set(now);
      stalled.notifyAll();
    }
  }

  long toServer() {
    return toServer.get();
  }

  long toClient() {
    return toClient.get();
  }

  void cut() {
    cutAfter = Long.MAX_VALUE;
    sockets.forEach(Relay::closeQuietly);
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
    stall(false);
  }

  private void accept() throws IOException {
    while (!listening.isClosed()) {
      Socket client = listening.accept();
      Socket target = new Socket();
      target.setReceiveBufferSize(BUFFER);
      try {
        target.connect(server);
      } catch (IOException e) {
        client.close();
        continue;
      }
      client.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(target);
      run(() -> pump(client, target, toServer));
      run(() -> pump(target, client, toClient));
    }
  }

  private void pump(Socket from, Socket to, AtomicLong counter) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitFlow();
        counter.addAndGet(read);
        out.write(buffer, 0, read);
        if (toServer.get() + toClient.get() > cutAfter) {
          cut();
        }
      }
    }
  }

  private void awaitFlow() {
    synchronized (stalled) {
      while (stalled.get()) {
        try {
          stalled.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The wire was cut, which is what it is for.
                return;
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }
}
