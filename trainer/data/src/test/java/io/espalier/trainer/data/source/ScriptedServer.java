package io.espalier.trainer.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP server on the loopback that answers as a test says, byte by byte, truthfully or not; each
 * answer closes its connection. What no test foresaw is answered by 404.
 */
public final class ScriptedServer implements AutoCloseable {
  /** A request's path and its headers, by lower-case name. */
  public record Request(String path, Map<String, String> headers) {}

  /** What to write to a connection. */
  @FunctionalInterface
  public interface Answer {
    void to(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Map<String, ConcurrentLinkedQueue<Answer>> answers = new TreeMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  public ScriptedServer() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Answers to the requests of a path, in their order; the last one answers all further ones. */
  public ScriptedServer on(String path, Answer... inOrder) {
    answers.put(path, new ConcurrentLinkedQueue<>(List.of(inOrder)));
    return this;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/data/");
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The whole content under an entity tag, or what a range asks for. */
  public static Answer file(byte[] content) {
    return (request, out) -> {
      String range = request.headers().getOrDefault("range", "bytes=0-");
      int from = Integer.parseInt(range.substring(6, range.length() - 1));
      boolean isPart = from > 0 && "\"v1\"".equals(request.headers().get("if-range"));
      int start = isPart ? from : 0;
      head(
          out,
          isPart ? "206 Partial Content" : "200 OK",
          "ETag: \"v1\"",
          "Content-Length: " + (content.length - start),
          "Content-Range: bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
      out.write(content, start, content.length - start);
    };
  }

  /** The start of the content, though all of it was promised. */
  public static Answer broken(byte[] content, int bytes, String... headers) {
    return (request, out) -> {
      head(out, "200 OK", headers);
      out.write(content, 0, bytes);
    };
  }

  public static Answer status(String status, String... headers) {
    return (request, out) -> head(out, status, headers);
  }

  public static void head(OutputStream out, String status, String... headers) throws IOException {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    out.write(
        ("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + lines + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread thread = new Thread(() -> answer(connection), "scripted-answer");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket connection) {
    try (connection;
        OutputStream out = connection.getOutputStream()) {
      Request request = read(connection);
      requests.add(request);
      ConcurrentLinkedQueue<Answer> queue =
          answers.getOrDefault(request.path(), new ConcurrentLinkedQueue<>());
      Answer next = queue.size() > 1 ? queue.poll() : queue.peek();
      (next == null ? status("404 Not Found") : next).to(request, out);
    } catch (IOException e) {
      return; // the client hung up, as some tests want it to
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
    String first = String.valueOf(in.readLine());
    Map<String, String> headers = new TreeMap<>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      String[] parts = line.split(": ", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
    }
    return new Request(first.split(" ", 3)[1], headers);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
