/** The words of the training service: what is submitted, how it stands, and what may be asked. */
package io.espalier.service;
