package io.espalier.service.http;

import java.util.Locale;

/** The kind of a problem, as programs see it: the {@code type} of a problem. */
public enum ProblemKind {
  INVALID_REQUEST(400, "The request breaks a rule of the API"),
  UNAUTHORIZED(401, "A valid token is needed"),
  TOKEN_EXPIRED(401, "The token has expired"),
  FORBIDDEN(403, "The token does not allow this"),
  NO_SUCH_RESOURCE(404, "There is nothing at this address"),
  NO_SUCH_RUN(404, "There is no run of that id"),
  NO_SUCH_DATA(404, "There is no data set of that name"),
  METHOD_NOT_ALLOWED(405, "The address does not have this method"),
  NOT_ACCEPTABLE(406, "The answer has none of the accepted media types"),
  TOO_SLOW(408, "The request did not arrive in time"),
  NOT_IN_THIS_STATE(409, "The run is in a state in which that cannot be done"),
  KEY_IN_USE(409, "The idempotency key belongs to another submission"),
  DATA_IN_USE(409, "An unfinished run uses the data set"),
  DATA_EXISTS(409, "The name belongs to another data set"),
  TOO_LARGE(413, "The request is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The request's media type is not supported"),
  RANGE_NOT_SATISFIABLE(416, "The file has no such range"),
  MISDIRECTED(421, "The address is not one under which this server answers"),
  INVALID_RECIPE(422, "The recipe, or what is asked for it, breaks a rule"),
  INVALID_DATA(422, "The upload breaks a rule, or did not arrive whole"),
  FULL(429, "The service has as much as it takes"),
  QUOTA_FULL(429, "A quota of the caller's owner or project is full"),
  TOO_MANY_STREAMS(429, "Too many event streams are open"),
  INTERNAL(500, "The service met an error of its own"),
  UNAVAILABLE(503, "The service cannot answer right now"),
  NO_ROOM(507, "There is no room for the data set");

  private static final String PREFIX = "urn:espalier:problem:";

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** A stable name, such as {@code urn:espalier:problem:no-such-run}. */
  public String type() {
    return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
