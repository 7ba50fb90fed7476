package io.espalier.service.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.fault.Backoff;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunStatus;
import io.espalier.service.client.HttpExchanges.Request;
import io.espalier.service.client.ServiceException.Reason;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks a training service. Everything may throw a {@link ServiceException}; what is wrong with a
 * recipe comes as an {@link io.espalier.configs.InvalidConfigException}. Thread-safe.
 */
public final class ServiceClient {
  private static final String RUNS = "/v1/runs";
  private static final int MOST_RUNS = 500;
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final ServiceAccess access;
  private final HttpExchanges exchanges;
  private final Supplier<Backoff> backoffs;

  private ServiceClient(ServiceAccess access, Supplier<Backoff> backoffs) throws IOException {
    this.access = access;
    this.backoffs = backoffs;
    this.exchanges = new HttpExchanges(access, backoffs);
  }

  /** A client of a service, which need not be there yet. */
  public static ServiceClient of(ServiceAccess access) throws IOException {
    return new ServiceClient(
        access, () -> Backoff.exponential(Duration.ofMillis(250), Duration.ofSeconds(5)));
  }

  /** A client that waits only that long before it asks again. */
  static ServiceClient of(ServiceAccess access, Duration wait) throws IOException {
    return new ServiceClient(access, () -> Backoff.exponential(wait, wait));
  }

  /** Where the service is. */
  public ServiceAccess access() {
    return access;
  }

  /** Whether the service takes requests; throws as everything else does if nobody answers. */
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

  /** Hands a run in; after a lost answer it is asked again, which makes no second run. */
  public ServiceResponse<RunStatus> submit(SubmissionRequest request) throws InterruptedException {
    return status(
        new Request(
            "POST",
            RUNS,
            Optional.of(request.json()),
            Map.of("Idempotency-Key", request.key()),
            true));
  }

  public ServiceResponse<RunPage> list(RunQuery query) throws InterruptedException {
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
    query.after().ifPresent(after -> parameters.add("after=" + encoded(after)));
    JsonNode json = exchanges.json(Request.get(parameters.toString()));
    return new ServiceResponse<>(RunJson.page(json), json);
  }

  public ServiceResponse<RunStatus> status(String run) throws InterruptedException {
    return status(Request.get(path(run)));
  }

  /** What happened to the run, oldest first. */
  public ServiceResponse<List<LifecycleEntry>> history(String run) throws InterruptedException {
    JsonNode json = exchanges.json(Request.get(path(run) + "/history"));
    return new ServiceResponse<>(RunJson.history(json), json);
  }

  /** Asks for something; the answer comes before it has happened. */
  public ServiceResponse<RunStatus> act(String run, RunAction action) throws InterruptedException {
    return status(
        new Request("POST", path(run) + "/" + action.path(), Optional.empty(), Map.of(), false));
  }

  /** Forgets an ended run, its files included. */
  public void delete(String run) throws InterruptedException {
    exchanges.json(new Request("DELETE", path(run), Optional.empty(), Map.of(), false));
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

  /** Follows the events of a run behind the one of that number, 0 for all; close what is given. */
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

  private ServiceResponse<RunStatus> status(Request request) throws InterruptedException {
    JsonNode json = exchanges.json(request);
    return new ServiceResponse<>(RunJson.status(json), json);
  }

  private static String path(String run) {
    return RUNS + "/" + encoded(run);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
