package io.espalier.service.client;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import io.espalier.configs.fault.Backoff;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.service.ApiJson;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunStatus;
import io.espalier.service.client.HttpExchanges.Request;
import io.espalier.service.client.ServiceException.Reason;
import io.espalier.service.data.DataSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sends requests to a training service; methods throw {@link ServiceException}, or {@link
 * io.espalier.configs.InvalidConfigException} for broken rules of a recipe. Thread-safe.
 */
public final class ServiceClient {
  private static final String RUNS = "/v1/runs";
  private static final String DATA = "/v1/data";
  private static final int MOST_RUNS = 500;
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final ServiceAccess access;
  private final HttpExchanges exchanges;
  private final Supplier<Backoff> backoffs;

  public enum Action {
    PAUSE,
    RESUME,
    CANCEL,
    CHECKPOINT;

    private String path() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A path below the service's address, and when it ends. */
  public record ReportLink(String url, Instant expires) {}

  /** The known part of an answer, and all of its JSON. */
  public record Response<T>(T value, JsonNode json) {}

  /** A data set at the service; {@code fresh} is false if the same was there before. */
  public record Uploaded(Response<DataSet> data, boolean fresh) {}

  private ServiceClient(ServiceAccess access, Supplier<Backoff> backoffs) throws IOException {
    this.access = access;
    this.backoffs = backoffs;
    this.exchanges = new HttpExchanges(access, backoffs);
  }

  /** Does not connect yet. */
  public static ServiceClient of(ServiceAccess access) throws IOException {
    return new ServiceClient(
        access, () -> Backoff.exponential(Duration.ofMillis(250), Duration.ofSeconds(5)));
  }

  /** Attempts are {@code wait} apart. */
  static ServiceClient of(ServiceAccess access, Duration wait) throws IOException {
    return new ServiceClient(access, () -> Backoff.exponential(wait, wait));
  }

  public ServiceAccess access() {
    return access;
  }

  /** Whether the service accepts requests; throws if it does not answer. */
  public boolean isReady() throws InterruptedException {
    try {
      exchanges.json(Request.get("/ready"));
      return true;
    } catch (ServiceException e) {
      if (e.reason() == Reason.UNAVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /** Submits a run; a repetition after a lost answer makes no second run. */
  public Response<RunStatus> submit(SubmissionRequest request) throws InterruptedException {
    return status(
        new Request(
            "POST",
            RUNS,
            Optional.of(request.json()),
            Map.of("Idempotency-Key", request.key()),
            true));
  }

  public Response<RunPage> list(RunQuery query) throws InterruptedException {
    StringJoiner parameters = new StringJoiner("&", RUNS + "?", "");
    parameters.add("limit=" + query.limit());
    if (!query.states().isEmpty()) {
      parameters.add(
          query.states().stream()
              .sorted()
              .map(state -> state.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(",", "state=", "")));
    }
    if (!query.name().isEmpty()) {
      parameters.add("name=" + encoded(query.name()));
    }
    query.owner().ifPresent(owner -> parameters.add("owner=" + encoded(owner)));
    query.project().ifPresent(project -> parameters.add("project=" + encoded(project)));
    query.after().ifPresent(after -> parameters.add("after=" + encoded(after)));
    JsonNode json = exchanges.json(Request.get(parameters.toString()));
    return answer(json, RunPage.class);
  }

  public Response<RunStatus> status(String run) throws InterruptedException {
    return status(Request.get(path(run)));
  }

  /** Oldest first. */
  public Response<List<LifecycleEntry>> history(String run) throws InterruptedException {
    JsonNode json = exchanges.json(Request.get(path(run) + "/history"));
    Response<LifecycleEntry[]> answer = answer(json, LifecycleEntry[].class);
    return new Response<>(List.of(answer.value()), json);
  }

  /** Requests a change; returns before the run has changed. */
  public Response<RunStatus> act(String run, Action action) throws InterruptedException {
    return status(Request.change("POST", path(run) + "/" + action.path()));
  }

  /** Deletes an ended run and its files. */
  public void delete(String run) throws InterruptedException {
    exchanges.json(Request.change("DELETE", path(run)));
  }

  /** The files that a run has written by now. */
  public Response<List<RunFile>> files(String run) throws InterruptedException {
    JsonNode json = exchanges.json(Request.get(path(run) + "/artifacts"));
    Response<RunFile[]> answer = answer(json, RunFile[].class);
    return new Response<>(List.of(answer.value()), json);
  }

  /**
   * Fetches one of a run's files, whole and checked by its digest; what an earlier call left half
   * done is completed.
   *
   * @param replace whether another file of that name in {@code directory} is replaced
   * @return false if the same file was there already
   * @throws IOException if the connection breaks time after time, or the file cannot be written
   */
  public boolean fetch(String run, RunFile file, Path directory, boolean replace)
      throws IOException, InterruptedException {
    return new FileDownload(exchanges, directory.resolve(file.name()), replace)
        .fetch(path(run) + "/artifacts/" + encoded(file.name()), backoffs.get());
  }

  /** By name. */
  public Response<List<DataSet>> dataSets() throws InterruptedException {
    JsonNode json = exchanges.json(Request.get(DATA));
    Response<DataSet[]> answer = answer(json, DataSet[].class);
    return new Response<>(List.of(answer.value()), json);
  }

  /**
   * Uploads a file, or a folder with all that is in it, as a data set of that name.
   *
   * @throws IOException if what is uploaded cannot be read
   */
  public Uploaded upload(String name, Path path) throws IOException, InterruptedException {
    DataUpload upload = DataUpload.of(path);
    Optional<DataSet> there =
        dataSets().value().stream()
            .filter(each -> each.name().equals(name) && each.sha256().equals(upload.sha256()))
            .findFirst();
    if (there.isPresent()) {
      return new Uploaded(new Response<>(there.get(), ApiJson.tree(there.get())), false);
    }
    JsonNode json =
        exchanges.upload(
            "%s/%s?sha256=%s&bytes=%d"
                .formatted(DATA, encoded(name), upload.sha256(), upload.bytes()),
            upload.mediaType(),
            new CountedBody(upload));
    return new Uploaded(answer(json, DataSet.class), true);
  }

  /** Deletes a data set that no unfinished run uses. */
  public void deleteData(String name) throws InterruptedException {
    exchanges.json(Request.change("DELETE", DATA + "/" + encoded(name)));
  }

  /**
   * Writes a ZIP archive of the service's journal as of now.
   *
   * @throws IOException if the connection breaks, or the file cannot be written
   */
  public void backUpJournal(Path zip) throws IOException, InterruptedException {
    try (InputStream body = exchanges.file("/v1/backup/journal")) {
      Files.copy(body, zip);
    }
  }

  /** A link to a run's report that a browser opens without a token, for some minutes. */
  public Response<ReportLink> reportLink(String run) throws InterruptedException {
    JsonNode json = exchanges.json(Request.change("POST", path(run) + "/report-link"));
    return answer(json, ReportLink.class);
  }

  /** The id of the one run whose id is {@code text} or begins with it. */
  public String find(String text) throws InterruptedException {
    try {
      return status(text).value().run();
    } catch (ServiceException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
      return only(text, ids(text).stream().filter(id -> id.startsWith(text)).toList());
    }
  }

  /** Follows the events after number {@code after}, 0 for all; the caller closes the stream. */
  public RunEventStream events(String run, long after) {
    return RunEventStream.follow(
        last -> exchanges.stream(path(run) + "/events", last), after, backoffs.get(), SILENCE);
  }

  private String only(String text, List<String> found) throws InterruptedException {
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new ServiceException(
          Reason.NOT_FOUND,
          "RUN must be the id of a run, or its beginning: RUN=%s, server=%s%s; see 'espalier runs'"
              .formatted(text, access, NameSuggestion.suggestion(text, Set.copyOf(ids("")))));
    }
    throw new ServiceException(
        Reason.REFUSED,
        "RUN must fit one run only: RUN=%s fits %s"
            .formatted(text, String.join(", ", found.stream().limit(10).toList())));
  }

  private List<String> ids(String name) throws InterruptedException {
    return list(new RunQuery(Set.of(), name, MOST_RUNS, Optional.empty())).value().runs().stream()
        .map(RunStatus::run)
        .toList();
  }

  private Response<RunStatus> status(Request request) throws InterruptedException {
    return answer(exchanges.json(request), RunStatus.class);
  }

  private static <T> Response<T> answer(JsonNode json, Class<T> type) {
    try {
      return new Response<>(ApiJson.read(json, type), json);
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .filter(Objects::nonNull)
              .collect(Collectors.joining("."));
      Object found = e instanceof InvalidFormatException format ? format.getValue() : "missing";
      throw new ServiceException(
          Reason.FAILED,
          "the service must speak version 1 of the API: %s=%s; use the client of the same version as the service"
              .formatted(field.isEmpty() ? "answer" : field, found),
          e);
    }
  }

  private static String path(String run) {
    return RUNS + "/" + encoded(run);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
