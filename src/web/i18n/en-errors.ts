/** What every error code of the service means to whoever uses the page, and what to do next. See docs/errors.md. */
export type ErrorText = readonly [title: string, why: string, next: string];

const AGAIN = 'Try again.';
const ASK = 'Ask whoever runs the service.';
const RETRY = 'Retry the job. What was done is kept.';
const SETTINGS = 'Change that setting.';
const SYSTEM = 'The System page says what is wrong and how to put it right.';

export const enErrors = {
  INTERNAL: ['Something failed inside FaceFusion', 'This is a fault of the program, not of your files.', AGAIN],
  OPTION_INVALID: [
    'A setting has a value it cannot have',
    'It is out of its range, or does not go with the others.',
    SETTINGS,
  ],
  OPTION_UNKNOWN: ['A setting does not exist', 'This version of the service does not know it.', 'Reset the settings.'],
  OPTION_MISSING: ['A setting is missing', 'The work cannot begin without it.', 'Fill it in.'],
  PATH_CONFLICT: ['The result would replace its input', 'Both have the same name.', 'Give the result another name.'],
  INPUT_NOT_FOUND: ['A file is no longer there', 'It has expired or was removed.', 'Add the file again.'],
  INPUT_NOT_A_FILE: ['This is not a file', 'A folder or a device was given.', 'Choose a photo or a video.'],
  INPUT_UNREADABLE: ['A file cannot be read', 'It is empty, damaged or cut off.', 'Copy or export the file again.'],
  INPUT_UNSUPPORTED: [
    'This kind of file is not supported',
    'Its content counts, not its name.',
    'Use a JPEG, PNG or WebP photo, or an MP4, MOV or WebM video.',
  ],
  INPUT_TOO_LARGE: [
    'A file is too large',
    'It is over the limit for bytes, pixels or length.',
    'Make it smaller, or cut it into parts.',
  ],
  VIDEO_TRUNCATED: ['The video ends early', 'It holds fewer frames than it says.', 'Copy or download the video again.'],
  SOURCE_NO_FACE: [
    'No face found in a source',
    'A source needs one clear face.',
    'Use a photo that shows the face larger and from the front.',
  ],
  TARGET_NO_FACE: [
    'No face to work on in the target',
    'None was found, or none that was chosen.',
    'Choose another target, or accept unclear faces.',
  ],
  FACE_DEGENERATE: [
    'A face cannot be measured',
    'It is seen from too far aside.',
    'Use a picture that shows it from the front.',
  ],
  MODEL_NOT_FOUND: [
    'A model is missing',
    'The settings ask for a model that is not installed.',
    'Choose another model, or add its file on the System page.',
  ],
  MODEL_CORRUPT: ['A model file is damaged', 'It is not the file that was published.', SYSTEM],
  MODEL_IO_MISMATCH: [
    'A model does not fit its task',
    'Its inputs or outputs are not as expected.',
    'Choose another model.',
  ],
  MODEL_UNREADABLE: [
    'A model file cannot be opened',
    'It is not an ONNX model, or one that this version cannot run.',
    'Choose another model.',
  ],
  LICENSE_FORBIDS_COMMERCIAL_USE: [
    'The licence of a model forbids this',
    'The policy allows only models whose results may be sold.',
    'Choose a model that allows commercial use.',
  ],
  POLICY_INVALID: ['The policy of this installation has a mistake', 'Nothing begins until it is put right.', ASK],
  POLICY_FORBIDS: [
    'The policy does not allow this',
    'Whoever runs this installation has ruled it out. No output was made.',
    'Change what the policy does not allow.',
  ],
  CONTENT_BLOCKED: [
    'Stopped by the content policy',
    'The check found what is not worked on. No output was made.',
    'Use other material.',
  ],
  KEYS_UNUSABLE: ['A key of this installation cannot be used', 'Without it no result can be marked and recorded.', ASK],
  CREDENTIALS_FAILED: [
    'The result cannot be signed',
    'The policy asks for Content Credentials, and none can be made.',
    ASK,
  ],
  AUDIT_BROKEN: ['The audit log cannot be written', 'Without an entry nothing is published.', ASK],
  DOWNLOAD_FAILED: ['A model could not be downloaded', 'The line broke, or the file is not there.', AGAIN],
  PROVIDER_UNAVAILABLE: [
    'The device cannot be used',
    'It was asked for and does not work on this machine.',
    'Choose another device. The System page says why.',
  ],
  INFERENCE_FAILED: [
    'A model failed while running',
    'Most often the device ran out of memory.',
    'Retry with a smaller preset or another device.',
  ],
  NODE_TOO_OLD: ['Node is too old', 'The service needs Node 20.19 or newer.', ASK],
  SETUP_FAILED: ['The installation is not complete', 'Something that the service needs could not be fetched.', ASK],
  FFMPEG_NOT_FOUND: ['ffmpeg is missing', 'Videos cannot be read or written without it.', SYSTEM],
  FFMPEG_TOO_OLD: ['ffmpeg is too old', 'Videos need ffmpeg 5.1 or newer.', SYSTEM],
  FFMPEG_FAILED: ['The video could not be processed', 'ffmpeg stopped with an error.', RETRY],
  ENCODER_UNAVAILABLE: [
    'The encoder is not available',
    'This ffmpeg cannot write that format.',
    'Choose another video encoder.',
  ],
  OUTPUT_EXISTS: ['A result of that name exists', 'It is not overwritten.', 'Give the result another name.'],
  OUTPUT_FOLDER_MISSING: ['The folder of the result is missing', 'It was moved or removed.', ASK],
  OUTPUT_UNSUPPORTED: [
    'The result cannot have this format',
    'It does not go with the target or the settings.',
    'Choose another format.',
  ],
  OUTPUT_FAILED: [
    'The result could not be written',
    'The disk is full, or may not be written to.',
    'Free some space, for example temporary files on the System page, and retry.',
  ],
  RESUME_MISMATCH: ['There is nothing to go on with', 'The files or settings have changed since.', 'Start it anew.'],
  RUNNER_FAILED: ['The work was cut off', 'The process that did it ended: out of memory, or killed.', RETRY],
  MEMORY_LIMIT: [
    'Not enough memory',
    'The work needs more than this machine may give it.',
    'Choose a smaller preset, or a smaller target.',
  ],
  CANCELLED: ['Cancelled', 'It was stopped before its end.', 'Resume it, or start anew.'],
  JOB_NOT_FOUND: ['The job is no longer there', 'It has expired or was removed.', 'Start it anew.'],
  JOB_STATE: ['The job is past that', 'It has moved on meanwhile.', 'Look at the queue.'],
  JOB_KEPT_FAILING: [
    'The job was given up',
    'Every worker that began it broke down.',
    'Try a smaller preset or another target.',
  ],
  MARK_LOST: [
    'The result would lose its mark',
    'A step after the swap would take the invisible mark or a label away.',
    'Make the result larger, or of better quality.',
  ],
  STORE_FAILED: ['The list of jobs cannot be reached', 'The service cannot read or write it now.', AGAIN],
  STORAGE_FAILED: [
    'A file could not be stored',
    'The storage is full or cannot be reached.',
    'Free some space and try again.',
  ],
  QUEUE_UNAVAILABLE: [
    'The queue cannot be reached',
    'Nothing can be added now. What waits is kept.',
    'Try again in a moment.',
  ],
  OVERLOADED: ['Too much is waiting', 'The service takes no more for the moment.', 'Try again in a moment.'],
  REQUEST_INVALID: [
    'The service did not understand the request',
    'The page may be older than the service.',
    'Reload the page.',
  ],
  NOT_FOUND: ['It is no longer there', 'It has expired, was removed, or belongs to somebody else.', 'Add it again.'],
  UNAUTHENTICATED: ['You are signed out', 'The session has expired, or the key is not known.', 'Sign in with a key.'],
  FORBIDDEN: ['Your key does not allow this', 'It lacks the scope that this needs.', 'Ask for a key with more scopes.'],
  RATE_LIMITED: [
    'Too many requests',
    'More came in a short time than your key may send.',
    'Wait a moment and try again.',
  ],
  QUOTA_EXCEEDED: ['A quota is used up', 'Your key has a limit a day.', 'Try again tomorrow, or ask for more.'],
  IDEMPOTENCY_CONFLICT: ['This was sent before', 'With other content, under the same name.', AGAIN],
  IDEMPOTENCY_PENDING: ['This is on its way', 'The same request has not been answered yet.', 'Wait a moment.'],
  UPLOAD_CONFLICT: [
    'The upload has lost its place',
    'The service has more or less of it than the page.',
    'Add the file again.',
  ],
  PRECONDITION_FAILED: [
    'It was changed elsewhere',
    'Another tab or person has saved it meanwhile.',
    'Look at the newest state and change it again.',
  ],
  RANGE_INVALID: ['That part of the file is not there', 'The file is shorter.', 'Reload the page.'],
  ADDRESS_FORBIDDEN: [
    'That address may not be opened',
    'It is private, or not on the list of allowed ones.',
    'Download the file and add it here.',
  ],
  REMOTE_FAILED: ['A server elsewhere does not answer', 'It could not be reached, or its answer was wrong.', AGAIN],
} as const satisfies Readonly<Record<string, ErrorText>>;
