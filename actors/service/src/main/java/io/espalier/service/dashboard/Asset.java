package io.espalier.service.dashboard;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A file of the page, whole, with a tag that its bytes decide. */
final class Asset {
  private final byte[] bytes;
  private final ContentType type;
  private final String tag;

  Asset(byte[] bytes, ContentType type) {
    this.bytes = bytes.clone();
    this.type = type;
    this.tag = '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(bytes)) + '"';
  }

  /** The file, or word that the caller has it. A caller must ask each time: versions change. */
  HttpResponse answer(HttpCall call) {
    boolean known =
        call.header("If-None-Match")
            .map(tags -> Arrays.stream(tags.split(",")).anyMatch(this::isNamedBy))
            .orElse(false);
    HttpResponse response =
        known
            ? HttpResponses.empty(304)
            : HttpResponse.create().withEntity(HttpEntities.create(type, bytes));
    return response
        .addHeader(HttpResponses.header("ETag", tag))
        .addHeader(HttpResponses.header("Cache-Control", "no-cache"));
  }

  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java platform must have SHA-256", e);
    }
  }

  private boolean isNamedBy(String text) {
    String other = text.strip();
    return other.equals(tag) || other.equals("W/" + tag) || other.equals("*");
  }
}
