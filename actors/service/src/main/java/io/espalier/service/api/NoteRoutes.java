package io.espalier.service.api;

import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.service.ApiJson;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.Role;
import io.espalier.service.notes.RunNote;
import io.espalier.service.notes.RunNotes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What users write about a run: a note, tags, and whether lists leave it out. */
final class NoteRoutes extends AllDirectives {
  private static final String PATH = "/v1/runs/{run}/notes";
  private static final List<MediaType> JSON = List.of(MediaTypes.APPLICATION_JSON);
  private static final List<String> FIELDS = List.of("note", "tags", "archived");

  private final RunNotes notes;
  private final Executor threads;

  private interface Work {
    RunNote run() throws IOException;
  }

  /** {@code threads} read and write files. */
  NoteRoutes(RunNotes notes, Executor threads) {
    this.notes = notes;
    this.threads = threads;
  }

  /** Endpoints for callers of these roles; empty where anyone may. */
  List<Endpoint> endpoints(Optional<Role> read, Optional<Role> write) {
    return List.of(
        Endpoint.get(PATH, read, List.of(), JSON, this::get),
        new Endpoint(HttpMethods.PUT, PATH, write, List.of(), Set.of(), JSON, this::put));
  }

  private Route get(HttpCall call) {
    String run = call.run();
    return call.onSuccess(work(() -> notes.of(run)), this::answer);
  }

  /** Any run may have notes: the page shows runs that others have started, too. */
  private Route put(HttpCall call) {
    String run = call.run();
    return call.onSuccess(
        call.body(FIELDS)
            .thenApply(NoteRoutes::read)
            .thenCompose(note -> work(() -> put(run, note))),
        this::answer);
  }

  private RunNote put(String run, RunNote note) throws IOException {
    notes.put(run, note);
    return note;
  }

  private CompletionStage<RunNote> work(Work work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }

  private Route answer(RunNote note) {
    ObjectNode json = (ObjectNode) ApiJson.tree(note);
    json.remove("deleted");
    return complete(HttpResponses.json(200, json));
  }

  private static RunNote read(JsonNode body) {
    JsonNode note = body.path("note");
    JsonNode archived = body.path("archived");
    JsonNode tags = body.path("tags");
    if (!(note.isMissingNode() || note.isTextual())
        || !(archived.isMissingNode() || archived.isBoolean())
        || !(tags.isMissingNode() || tags.isArray())) {
      throw ProblemException.invalid(
          "notes must be {note: text, tags: list of texts, archived: true or false}: found="
              + body);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode tag : tags) {
      if (!tag.isTextual()) {
        throw ProblemException.invalid("a tag must be a text: found=" + tag);
      }
      texts.add(tag.textValue());
    }
    try {
      return new RunNote(note.asText(""), texts, archived.asBoolean(false), false);
    } catch (BrokenRulesException e) {
      throw ProblemException.invalid(String.valueOf(e.getMessage()));
    }
  }
}
