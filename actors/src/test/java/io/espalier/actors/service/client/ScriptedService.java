package io.espalier.actors.service.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers what a test says, in turns; the last answer of an address repeats. */
public final class ScriptedService implements AutoCloseable {
  private static final int NOT_SENT = 1000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, List<Reply>> script = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** An answer. */
  @FunctionalInterface
  public interface Reply {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** A request that came. */
  public record Seen(
      String request, String query, String body, Optional<String> lastEvent, String key) {}

  private ScriptedService(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public static ScriptedService start() throws IOException {
    return new ScriptedService(0);
  }

  /** One at the address of another, which must be closed. */
  public static ScriptedService startAt(URI address) throws IOException {
    return new ScriptedService(address.getPort());
  }

  /**
   * Says what is answered.
   *
   * @param request such as {@code GET /v1/runs}, without its query
   */
  public ScriptedService on(String request, Reply... replies) {
    script.put(request, List.of(replies));
    return this;
  }

  public static Reply json(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  public static Reply problem(int status, String detail) {
    return json(
        status,
        "{\"type\":\"urn:espalier:problem:x\",\"title\":\"No.\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(status, detail));
  }

  /** The beginning of an answer, behind which the connection breaks. */
  public static Reply cut(String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length + NOT_SENT);
      OutputStream out = exchange.getResponseBody();
      out.write(bytes);
      out.flush();
    };
  }

  /** Events of these numbers. */
  public static String events(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int number = from; number <= to; number++) {
      text.append("id: %d\nevent: t\ndata: {\"n\":%d}\n\n".formatted(number, number));
    }
    return text.toString();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      seen.add(
          new Seen(
              request,
              Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID")),
              String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"))));
      List<Reply> replies =
          script.getOrDefault(request, List.of(problem(404, "nothing at " + request)));
      int turn = turns.computeIfAbsent(request, key -> new AtomicInteger()).getAndIncrement();
      replies.get(Math.min(turn, replies.size() - 1)).answer(exchange);
    }
  }
}
