package io.espalier.actors.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads a live stream as a browser does. */
public final class Viewer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpResponse<InputStream> answer;
  private final BufferedReader lines;

  private Viewer(HttpResponse<InputStream> answer) {
    this.answer = answer;
    this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  /** Opens a stream. */
  public static Viewer open(
      HttpClient client, URI server, Optional<String> token, String... subjects)
      throws IOException, InterruptedException {
    URI address = server.resolve("/dashboard/live?subject=" + String.join("&subject=", subjects));
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return new Viewer(client.send(request.build(), BodyHandlers.ofInputStream()));
  }

  public HttpResponse<InputStream> answer() {
    return answer;
  }

  /** The next message; empty once the stream is over. */
  public Optional<JsonNode> next() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return Optional.of(JSON.readTree(line.substring("data: ".length())));
      }
      if (!line.isEmpty()) {
        throw new IOException("a line must be data: line=" + line);
      }
    }
    return Optional.empty();
  }

  /** The first of the messages to come that is wanted. */
  public JsonNode await(Predicate<JsonNode> wanted) throws IOException {
    for (Optional<JsonNode> each = next(); each.isPresent(); each = next()) {
      if (wanted.test(each.get())) {
        return each.get();
      }
    }
    throw new IOException("the stream ended before the wanted message came");
  }

  /** The first message to come that is no status. */
  public JsonNode awaitDocument() throws IOException {
    return await(message -> !message.path("type").asText().equals("status"));
  }

  /** All messages to come until the wanted one, that included. */
  public List<JsonNode> until(Predicate<JsonNode> wanted) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    await(
        message -> {
          all.add(message);
          return wanted.test(message);
        });
    return all;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
