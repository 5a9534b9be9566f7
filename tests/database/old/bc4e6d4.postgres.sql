-- token: rollbook_uZepjz_4dPTPbqdLWVRLY4iQtxHKksJoLQUbuNqpg8U
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.api_clients (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    name text NOT NULL,
    key character varying(64) NOT NULL,
    secret text NOT NULL,
    scopes text NOT NULL,
    person_id bigint,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    previous_secret text,
    previous_until timestamp with time zone
);
CREATE SEQUENCE public.api_clients_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.api_clients_id_seq OWNED BY public.api_clients.id;
CREATE TABLE public.api_tokens (
    hash character varying(64) NOT NULL,
    client_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone
);
CREATE TABLE public.attendance_codes (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    school_id bigint NOT NULL,
    year_id integer NOT NULL,
    code character varying(32) NOT NULL,
    description text NOT NULL,
    status smallint NOT NULL,
    CONSTRAINT attendance_codes_status_check CHECK ((status = ANY (ARRAY[1, 2, 3, 4])))
);
CREATE SEQUENCE public.attendance_codes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attendance_codes_id_seq OWNED BY public.attendance_codes.id;
CREATE TABLE public.calendar_days (
    district_id bigint NOT NULL,
    school_id bigint NOT NULL,
    date date NOT NULL,
    school_day boolean NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.counted_days (
    district_id bigint NOT NULL,
    date date NOT NULL,
    school_id bigint NOT NULL,
    rolls integer NOT NULL,
    students integer NOT NULL,
    absent integer NOT NULL,
    excused integer NOT NULL,
    late integer NOT NULL
);
CREATE TABLE public.counted_schools (
    district_id bigint NOT NULL,
    school_id bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.counted_students (
    district_id bigint NOT NULL,
    year integer NOT NULL,
    school_id bigint NOT NULL,
    person_id bigint NOT NULL,
    days text NOT NULL
);
CREATE TABLE public.courses (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    sourced_id character varying(255),
    active boolean DEFAULT true NOT NULL,
    school_id bigint,
    title text NOT NULL,
    course_code text NOT NULL,
    subjects text NOT NULL,
    grades text NOT NULL
);
CREATE SEQUENCE public.courses_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.courses_id_seq OWNED BY public.courses.id;
CREATE TABLE public.districts (
    id bigint NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL,
    sis_attendance_app boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.districts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.districts_id_seq OWNED BY public.districts.id;
CREATE TABLE public.enrollments (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    sourced_id character varying(255),
    active boolean DEFAULT true NOT NULL,
    section_id bigint NOT NULL,
    person_id bigint NOT NULL,
    admin boolean NOT NULL,
    begin_date date NOT NULL,
    end_date date NOT NULL
);
CREATE SEQUENCE public.enrollments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.enrollments_id_seq OWNED BY public.enrollments.id;
CREATE TABLE public.erased_years (
    district_id bigint NOT NULL,
    year integer NOT NULL,
    kept_in character varying(64) NOT NULL,
    removed bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.erasures (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    person_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    salt character varying(32) NOT NULL,
    sourced_id_hash character varying(64)
);
CREATE SEQUENCE public.erasures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.erasures_id_seq OWNED BY public.erasures.id;
CREATE TABLE public.invitations (
    hash character varying(64) NOT NULL,
    client_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE public.journal (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
)
PARTITION BY RANGE (date);
CREATE SEQUENCE public.journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.journal_id_seq OWNED BY public.journal.id;
CREATE TABLE public.journal_2025 (
    id bigint DEFAULT nextval('public.journal_id_seq'::regclass) NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
);
CREATE TABLE public.journal_2026 (
    id bigint DEFAULT nextval('public.journal_id_seq'::regclass) NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
);
CREATE TABLE public.journal_2027 (
    id bigint DEFAULT nextval('public.journal_id_seq'::regclass) NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
);
CREATE TABLE public.journal_2028 (
    id bigint DEFAULT nextval('public.journal_id_seq'::regclass) NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
);
CREATE TABLE public.journal_2029 (
    id bigint DEFAULT nextval('public.journal_id_seq'::regclass) NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
);
CREATE TABLE public.journal_default (
    id bigint DEFAULT nextval('public.journal_id_seq'::regclass) NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint,
    at timestamp with time zone NOT NULL,
    api text NOT NULL,
    client_id bigint,
    person_id bigint,
    from_status smallint,
    from_comment text NOT NULL,
    to_status smallint,
    to_comment text NOT NULL,
    code_id bigint
);
CREATE TABLE public.knex_migrations (
    id integer NOT NULL,
    name character varying(255),
    batch integer,
    migration_time timestamp with time zone
);
CREATE SEQUENCE public.knex_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.knex_migrations_id_seq OWNED BY public.knex_migrations.id;
CREATE TABLE public.knex_migrations_lock (
    index integer NOT NULL,
    is_locked integer
);
CREATE SEQUENCE public.knex_migrations_lock_index_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.knex_migrations_lock_index_seq OWNED BY public.knex_migrations_lock.index;
CREATE TABLE public.marks (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
)
PARTITION BY RANGE (date);
CREATE TABLE public.marks_2025 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
);
CREATE TABLE public.marks_2026 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
);
CREATE TABLE public.marks_2027 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
);
CREATE TABLE public.marks_2028 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
);
CREATE TABLE public.marks_2029 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
);
CREATE TABLE public.marks_default (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    code_id bigint,
    changed_at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id bigint,
    CONSTRAINT marks_status_check CHECK ((status = ANY (ARRAY[2, 3, 4])))
);
CREATE TABLE public.meetings (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
)
PARTITION BY RANGE (date);
CREATE TABLE public.meetings_2025 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
);
CREATE TABLE public.meetings_2026 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
);
CREATE TABLE public.meetings_2027 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
);
CREATE TABLE public.meetings_2028 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
);
CREATE TABLE public.meetings_2029 (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
);
CREATE TABLE public.meetings_default (
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    taken_at timestamp with time zone
);
CREATE TABLE public.osdi_attendances (
    district_id bigint NOT NULL,
    enrollment_id bigint NOT NULL,
    date date NOT NULL,
    status text,
    comment text NOT NULL,
    action_date text,
    action_at timestamp with time zone,
    origin_system text,
    invited_by text,
    identifiers text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.osdi_identifiers (
    district_id bigint NOT NULL,
    identifier text NOT NULL,
    local_part text NOT NULL,
    person_id bigint NOT NULL
);
CREATE TABLE public.people (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    sourced_id character varying(255),
    active boolean DEFAULT true NOT NULL,
    school_id bigint,
    role text NOT NULL,
    username text NOT NULL,
    email text NOT NULL,
    given_name text NOT NULL,
    middle_name text NOT NULL,
    family_name text NOT NULL,
    preferred_name text NOT NULL,
    identifier text NOT NULL,
    grades text NOT NULL
);
CREATE SEQUENCE public.people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.people_id_seq OWNED BY public.people.id;
CREATE TABLE public.powerschool_attendance (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    date date NOT NULL,
    enrollment_id bigint NOT NULL,
    part character varying(64) NOT NULL,
    mode character varying(32) NOT NULL,
    code_id bigint NOT NULL,
    status smallint NOT NULL,
    comment text NOT NULL,
    period text NOT NULL,
    program text NOT NULL,
    calendar_day text NOT NULL,
    att_interval integer,
    start_time integer,
    end_time integer,
    total_minutes integer,
    CONSTRAINT powerschool_attendance_status_check CHECK ((status = ANY (ARRAY[1, 2, 3, 4])))
);
CREATE SEQUENCE public.powerschool_attendance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.powerschool_attendance_id_seq OWNED BY public.powerschool_attendance.id;
CREATE TABLE public.recounts (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    section_id bigint NOT NULL,
    school_id bigint,
    from_date date NOT NULL,
    to_date date NOT NULL
);
CREATE SEQUENCE public.recounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.recounts_id_seq OWNED BY public.recounts.id;
CREATE TABLE public.schools (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    sourced_id character varying(255),
    active boolean DEFAULT true NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    number text NOT NULL
);
CREATE SEQUENCE public.schools_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.schools_id_seq OWNED BY public.schools.id;
CREATE TABLE public.section_terms (
    section_id bigint NOT NULL,
    term_id bigint NOT NULL
);
CREATE TABLE public.sections (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    sourced_id character varying(255),
    active boolean DEFAULT true NOT NULL,
    school_id bigint,
    course_id bigint,
    title text NOT NULL,
    section_code text NOT NULL,
    class_type text NOT NULL,
    location text NOT NULL,
    periods text NOT NULL,
    subjects text NOT NULL,
    grades text NOT NULL,
    revision bigint DEFAULT '0'::bigint NOT NULL,
    counted_revision bigint DEFAULT '0'::bigint NOT NULL,
    counted_journal bigint DEFAULT '0'::bigint NOT NULL
);
CREATE SEQUENCE public.sections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sections_id_seq OWNED BY public.sections.id;
CREATE TABLE public.sign_ins (
    district_id bigint NOT NULL,
    person_id bigint NOT NULL,
    client_id bigint NOT NULL
);
CREATE TABLE public.terms (
    id bigint NOT NULL,
    district_id bigint NOT NULL,
    sourced_id character varying(255),
    active boolean DEFAULT true NOT NULL,
    title text NOT NULL,
    type text NOT NULL,
    begin_date date NOT NULL,
    end_date date NOT NULL,
    school_year text NOT NULL
);
CREATE SEQUENCE public.terms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.terms_id_seq OWNED BY public.terms.id;
CREATE TABLE public.wix_attendances (
    district_id bigint NOT NULL,
    enrollment_id bigint NOT NULL,
    date date NOT NULL,
    number_of_attendees bigint NOT NULL
);
ALTER TABLE ONLY public.journal ATTACH PARTITION public.journal_2025 FOR VALUES FROM ('2025-07-01') TO ('2026-07-01');
ALTER TABLE ONLY public.journal ATTACH PARTITION public.journal_2026 FOR VALUES FROM ('2026-07-01') TO ('2027-07-01');
ALTER TABLE ONLY public.journal ATTACH PARTITION public.journal_2027 FOR VALUES FROM ('2027-07-01') TO ('2028-07-01');
ALTER TABLE ONLY public.journal ATTACH PARTITION public.journal_2028 FOR VALUES FROM ('2028-07-01') TO ('2029-07-01');
ALTER TABLE ONLY public.journal ATTACH PARTITION public.journal_2029 FOR VALUES FROM ('2029-07-01') TO ('2030-07-01');
ALTER TABLE ONLY public.journal ATTACH PARTITION public.journal_default DEFAULT;
ALTER TABLE ONLY public.marks ATTACH PARTITION public.marks_2025 FOR VALUES FROM ('2025-07-01') TO ('2026-07-01');
ALTER TABLE ONLY public.marks ATTACH PARTITION public.marks_2026 FOR VALUES FROM ('2026-07-01') TO ('2027-07-01');
ALTER TABLE ONLY public.marks ATTACH PARTITION public.marks_2027 FOR VALUES FROM ('2027-07-01') TO ('2028-07-01');
ALTER TABLE ONLY public.marks ATTACH PARTITION public.marks_2028 FOR VALUES FROM ('2028-07-01') TO ('2029-07-01');
ALTER TABLE ONLY public.marks ATTACH PARTITION public.marks_2029 FOR VALUES FROM ('2029-07-01') TO ('2030-07-01');
ALTER TABLE ONLY public.marks ATTACH PARTITION public.marks_default DEFAULT;
ALTER TABLE ONLY public.meetings ATTACH PARTITION public.meetings_2025 FOR VALUES FROM ('2025-07-01') TO ('2026-07-01');
ALTER TABLE ONLY public.meetings ATTACH PARTITION public.meetings_2026 FOR VALUES FROM ('2026-07-01') TO ('2027-07-01');
ALTER TABLE ONLY public.meetings ATTACH PARTITION public.meetings_2027 FOR VALUES FROM ('2027-07-01') TO ('2028-07-01');
ALTER TABLE ONLY public.meetings ATTACH PARTITION public.meetings_2028 FOR VALUES FROM ('2028-07-01') TO ('2029-07-01');
ALTER TABLE ONLY public.meetings ATTACH PARTITION public.meetings_2029 FOR VALUES FROM ('2029-07-01') TO ('2030-07-01');
ALTER TABLE ONLY public.meetings ATTACH PARTITION public.meetings_default DEFAULT;
ALTER TABLE ONLY public.api_clients ALTER COLUMN id SET DEFAULT nextval('public.api_clients_id_seq'::regclass);
ALTER TABLE ONLY public.attendance_codes ALTER COLUMN id SET DEFAULT nextval('public.attendance_codes_id_seq'::regclass);
ALTER TABLE ONLY public.courses ALTER COLUMN id SET DEFAULT nextval('public.courses_id_seq'::regclass);
ALTER TABLE ONLY public.districts ALTER COLUMN id SET DEFAULT nextval('public.districts_id_seq'::regclass);
ALTER TABLE ONLY public.enrollments ALTER COLUMN id SET DEFAULT nextval('public.enrollments_id_seq'::regclass);
ALTER TABLE ONLY public.erasures ALTER COLUMN id SET DEFAULT nextval('public.erasures_id_seq'::regclass);
ALTER TABLE ONLY public.journal ALTER COLUMN id SET DEFAULT nextval('public.journal_id_seq'::regclass);
ALTER TABLE ONLY public.knex_migrations ALTER COLUMN id SET DEFAULT nextval('public.knex_migrations_id_seq'::regclass);
ALTER TABLE ONLY public.knex_migrations_lock ALTER COLUMN index SET DEFAULT nextval('public.knex_migrations_lock_index_seq'::regclass);
ALTER TABLE ONLY public.people ALTER COLUMN id SET DEFAULT nextval('public.people_id_seq'::regclass);
ALTER TABLE ONLY public.powerschool_attendance ALTER COLUMN id SET DEFAULT nextval('public.powerschool_attendance_id_seq'::regclass);
ALTER TABLE ONLY public.recounts ALTER COLUMN id SET DEFAULT nextval('public.recounts_id_seq'::regclass);
ALTER TABLE ONLY public.schools ALTER COLUMN id SET DEFAULT nextval('public.schools_id_seq'::regclass);
ALTER TABLE ONLY public.sections ALTER COLUMN id SET DEFAULT nextval('public.sections_id_seq'::regclass);
ALTER TABLE ONLY public.terms ALTER COLUMN id SET DEFAULT nextval('public.terms_id_seq'::regclass);
INSERT INTO public.api_clients VALUES (1, 1, 'test', 'b89af7b1d1ca84859004660329694f9b05adc15d', 'v1:9mlHTyR-CC59_i5m:qREKG3AliAwEbIR2WThR3A:RM5DyOEf_9CNTDLIayIgKRNHxpqTrGUzDooOxuQl9458wp7rAfdy_w', 'attendance:read,attendance:write,roster:read,roster:write', NULL, '2026-11-28 23:12:46.027+00', NULL, NULL, NULL);
INSERT INTO public.api_tokens VALUES ('94f58bb0228bb0c6add42dd4e2c2c54bc6cd96adc0409e3b0c49aa59a9283dc8', 1, '2026-11-28 23:12:46.027+00', NULL);
INSERT INTO public.attendance_codes VALUES (1, 1, 1, 35, 'P', 'Present', 1);
INSERT INTO public.attendance_codes VALUES (2, 1, 1, 35, 'A', 'Absent', 2);
INSERT INTO public.attendance_codes VALUES (3, 1, 1, 35, 'E', 'Excused absence', 4);
INSERT INTO public.attendance_codes VALUES (4, 1, 1, 35, 'T', 'Tardy', 3);
INSERT INTO public.attendance_codes VALUES (5, 1, 1, 35, 'UT', 'Unexcused tardy', 3);
INSERT INTO public.counted_days VALUES (1, '2025-10-07', 1, 1, 2, 1, 0, 1);
INSERT INTO public.counted_days VALUES (1, '2025-10-08', 1, 1, 2, 1, 1, 0);
INSERT INTO public.counted_days VALUES (1, '2025-10-09', 1, 1, 2, 1, 0, 0);
INSERT INTO public.counted_days VALUES (1, '2025-10-10', 1, 0, 0, 0, 0, 0);
INSERT INTO public.counted_schools VALUES (1, 1, 1);
INSERT INTO public.counted_students VALUES (1, 2025, 1, 2, '..................................................................................................LEP.');
INSERT INTO public.counted_students VALUES (1, 2025, 1, 1, '..................................................................................................APA.');
INSERT INTO public.courses VALUES (1, 1, 'math', true, 1, 'Algebra', 'MATH', 'Mathematics', '07');
INSERT INTO public.districts VALUES (1, 'Larkspur', 'America/Chicago', false, '2026-11-28 23:12:45.771+00');
INSERT INTO public.enrollments VALUES (1, 1, 'algebra-ada', true, 1, 1, false, '2025-08-25', '2026-06-12');
INSERT INTO public.enrollments VALUES (2, 1, 'algebra-grace', true, 1, 2, false, '2025-08-25', '2026-06-12');
INSERT INTO public.enrollments VALUES (3, 1, 'algebra-noether', true, 1, 3, true, '2025-08-25', '2026-06-12');
INSERT INTO public.enrollments VALUES (4, 1, 'homeroom-ada', true, 2, 1, false, '2025-08-25', '2026-06-12');
INSERT INTO public.journal_2025 VALUES (1, 1, 1, '2025-10-07', NULL, '2026-11-28 23:12:46.853+00', 'schoology', 1, NULL, NULL, '', NULL, '', NULL);
INSERT INTO public.journal_2025 VALUES (2, 1, 1, '2025-10-07', 1, '2026-11-28 23:12:46.853+00', 'schoology', 1, NULL, NULL, '', 2, 'Flu', NULL);
INSERT INTO public.journal_2025 VALUES (3, 1, 1, '2025-10-07', 2, '2026-11-28 23:12:46.853+00', 'schoology', 1, NULL, NULL, '', 3, '', NULL);
INSERT INTO public.journal_2025 VALUES (4, 1, 1, '2025-10-08', NULL, '2026-11-28 23:12:46.853+00', 'schoology', 1, NULL, NULL, '', NULL, '', NULL);
INSERT INTO public.journal_2025 VALUES (5, 1, 1, '2025-10-08', 2, '2026-11-28 23:12:46.853+00', 'schoology', 1, NULL, NULL, '', 4, 'Dentist', NULL);
INSERT INTO public.journal_2025 VALUES (6, 1, 1, '2025-10-09', NULL, '2026-11-28 23:12:47.097+00', 'powerschool', 1, NULL, NULL, '', NULL, '', NULL);
INSERT INTO public.journal_2025 VALUES (7, 1, 1, '2025-10-09', 1, '2026-11-28 23:12:47.097+00', 'powerschool', 1, NULL, NULL, '', 2, 'No show', 2);
INSERT INTO public.journal_2025 VALUES (8, 1, 1, '2025-10-10', NULL, '2026-11-28 23:12:47.11+00', 'osdi', 1, NULL, NULL, '', NULL, 'scheduled', NULL);
INSERT INTO public.knex_migrations VALUES (1, '0001_roster', 1, '2026-11-28 23:12:45.669+00');
INSERT INTO public.knex_migrations VALUES (2, '0002_ledger', 1, '2026-11-28 23:12:45.676+00');
INSERT INTO public.knex_migrations VALUES (3, '0003_clients', 1, '2026-11-28 23:12:45.681+00');
INSERT INTO public.knex_migrations VALUES (4, '0004_attendance_codes', 1, '2026-11-28 23:12:45.684+00');
INSERT INTO public.knex_migrations VALUES (5, '0005_powerschool_attendance', 1, '2026-11-28 23:12:45.688+00');
INSERT INTO public.knex_migrations VALUES (6, '0006_osdi_attendances', 1, '2026-11-28 23:12:45.693+00');
INSERT INTO public.knex_migrations VALUES (7, '0007_enrollments_in_order', 1, '2026-11-28 23:12:45.694+00');
INSERT INTO public.knex_migrations VALUES (8, '0008_wix_attendances', 1, '2026-11-28 23:12:45.696+00');
INSERT INTO public.knex_migrations VALUES (9, '0009_partitions', 1, '2026-11-28 23:12:45.71+00');
INSERT INTO public.knex_migrations VALUES (10, '0010_erasures', 1, '2026-11-28 23:12:45.716+00');
INSERT INTO public.knex_migrations VALUES (11, '0011_previous_secrets', 1, '2026-11-28 23:12:45.717+00');
INSERT INTO public.knex_migrations VALUES (12, '0012_sign_in', 1, '2026-11-28 23:12:45.723+00');
INSERT INTO public.knex_migrations VALUES (13, '0013_calendars', 1, '2026-11-28 23:12:45.727+00');
INSERT INTO public.knex_migrations VALUES (14, '0014_summaries', 1, '2026-11-28 23:12:45.738+00');
INSERT INTO public.knex_migrations_lock VALUES (1, 0);
INSERT INTO public.marks_2025 VALUES (1, 1, '2025-10-07', 1, 2, 'Flu', NULL, '2026-11-28 23:12:46.853+00', 1, NULL);
INSERT INTO public.marks_2025 VALUES (1, 1, '2025-10-07', 2, 3, '', NULL, '2026-11-28 23:12:46.853+00', 1, NULL);
INSERT INTO public.marks_2025 VALUES (1, 1, '2025-10-08', 2, 4, 'Dentist', NULL, '2026-11-28 23:12:46.853+00', 1, NULL);
INSERT INTO public.marks_2025 VALUES (1, 1, '2025-10-09', 1, 2, 'No show', 2, '2026-11-28 23:12:47.097+00', 1, NULL);
INSERT INTO public.meetings_2025 VALUES (1, 1, '2025-10-07', '2026-11-28 23:12:46.853+00');
INSERT INTO public.meetings_2025 VALUES (1, 1, '2025-10-08', '2026-11-28 23:12:46.853+00');
INSERT INTO public.meetings_2025 VALUES (1, 1, '2025-10-09', '2026-11-28 23:12:47.097+00');
INSERT INTO public.meetings_2025 VALUES (1, 1, '2025-10-10', NULL);
INSERT INTO public.osdi_attendances VALUES (1, 2, '2025-10-10', 'declined', 'A wedding', NULL, NULL, NULL, NULL, '[]', '2026-11-28 23:12:47.128+00', '2026-11-28 23:12:47.128+00');
INSERT INTO public.people VALUES (1, 1, 'ada', true, 1, 'student', 'ada', 'ada@example.org', 'Ada', '', 'Lovelace', '', '1001', '07');
INSERT INTO public.people VALUES (2, 1, 'grace', true, 1, 'student', 'grace', 'grace@example.org', 'Grace', '', 'Hopper', '', '1002', '07');
INSERT INTO public.people VALUES (3, 1, 'noether', true, 1, 'teacher', 'noether', 'noether@example.org', 'Emmy', '', 'Noether', '', '2001', '');
INSERT INTO public.powerschool_attendance VALUES (1, 1, 1, '2025-10-09', 1, 'meeting from 30600', 'ATT_ModeMeeting', 2, 2, 'No show', '', '', '', NULL, 30600, 33300, NULL);
INSERT INTO public.schools VALUES (1, 1, 'school', true, 'Larkspur Middle School', 'school', '200');
INSERT INTO public.section_terms VALUES (1, 1);
INSERT INTO public.section_terms VALUES (2, 1);
INSERT INTO public.sections VALUES (2, 1, 'homeroom', true, 1, 1, 'Homeroom 7A', '7A', 'homeroom', '12', '', '', '07', 0, 0, 0);
INSERT INTO public.sections VALUES (1, 1, 'algebra', true, 1, 1, 'Algebra', 'ALG', 'scheduled', '12', '1', 'Mathematics', '07', 3, 3, 8);
INSERT INTO public.terms VALUES (1, 1, 'year', true, '2025-26', 'schoolYear', '2025-08-25', '2026-06-12', '2026');
INSERT INTO public.wix_attendances VALUES (1, 1, '2025-10-07', 2);
SELECT pg_catalog.setval('public.api_clients_id_seq', 1, true);
SELECT pg_catalog.setval('public.attendance_codes_id_seq', 5, true);
SELECT pg_catalog.setval('public.courses_id_seq', 1, true);
SELECT pg_catalog.setval('public.districts_id_seq', 1, true);
SELECT pg_catalog.setval('public.enrollments_id_seq', 4, true);
SELECT pg_catalog.setval('public.erasures_id_seq', 1, false);
SELECT pg_catalog.setval('public.journal_id_seq', 8, true);
SELECT pg_catalog.setval('public.knex_migrations_id_seq', 14, true);
SELECT pg_catalog.setval('public.knex_migrations_lock_index_seq', 1, true);
SELECT pg_catalog.setval('public.people_id_seq', 3, true);
SELECT pg_catalog.setval('public.powerschool_attendance_id_seq', 1, true);
SELECT pg_catalog.setval('public.recounts_id_seq', 2, true);
SELECT pg_catalog.setval('public.schools_id_seq', 1, true);
SELECT pg_catalog.setval('public.sections_id_seq', 2, true);
SELECT pg_catalog.setval('public.terms_id_seq', 1, true);
ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_key_unique UNIQUE (key);
ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.attendance_codes
    ADD CONSTRAINT attendance_codes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.attendance_codes
    ADD CONSTRAINT attendance_codes_school_id_year_id_code_unique UNIQUE (school_id, year_id, code);
ALTER TABLE ONLY public.calendar_days
    ADD CONSTRAINT calendar_days_pkey PRIMARY KEY (district_id, school_id, date);
ALTER TABLE ONLY public.counted_days
    ADD CONSTRAINT counted_days_pkey PRIMARY KEY (district_id, date, school_id);
ALTER TABLE ONLY public.counted_schools
    ADD CONSTRAINT counted_schools_pkey PRIMARY KEY (district_id, school_id);
ALTER TABLE ONLY public.counted_students
    ADD CONSTRAINT counted_students_pkey PRIMARY KEY (district_id, year, school_id, person_id);
ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_district_id_sourced_id_unique UNIQUE (district_id, sourced_id);
ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.districts
    ADD CONSTRAINT districts_name_unique UNIQUE (name);
ALTER TABLE ONLY public.districts
    ADD CONSTRAINT districts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_district_id_id_unique UNIQUE (district_id, id);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_district_id_sourced_id_unique UNIQUE (district_id, sourced_id);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.erased_years
    ADD CONSTRAINT erased_years_pkey PRIMARY KEY (district_id, year, kept_in);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.journal_2025
    ADD CONSTRAINT journal_2025_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.journal_2026
    ADD CONSTRAINT journal_2026_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.journal_2027
    ADD CONSTRAINT journal_2027_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.journal_2028
    ADD CONSTRAINT journal_2028_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.journal_2029
    ADD CONSTRAINT journal_2029_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.journal_default
    ADD CONSTRAINT journal_default_pkey PRIMARY KEY (id, date);
ALTER TABLE ONLY public.knex_migrations_lock
    ADD CONSTRAINT knex_migrations_lock_pkey PRIMARY KEY (index);
ALTER TABLE ONLY public.knex_migrations
    ADD CONSTRAINT knex_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.marks
    ADD CONSTRAINT marks_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.marks_2025
    ADD CONSTRAINT marks_2025_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.marks_2026
    ADD CONSTRAINT marks_2026_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.marks_2027
    ADD CONSTRAINT marks_2027_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.marks_2028
    ADD CONSTRAINT marks_2028_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.marks_2029
    ADD CONSTRAINT marks_2029_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.marks_default
    ADD CONSTRAINT marks_default_pkey PRIMARY KEY (district_id, section_id, date, enrollment_id);
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT meetings_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.meetings_2025
    ADD CONSTRAINT meetings_2025_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.meetings_2026
    ADD CONSTRAINT meetings_2026_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.meetings_2027
    ADD CONSTRAINT meetings_2027_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.meetings_2028
    ADD CONSTRAINT meetings_2028_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.meetings_2029
    ADD CONSTRAINT meetings_2029_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.meetings_default
    ADD CONSTRAINT meetings_default_pkey PRIMARY KEY (district_id, section_id, date);
ALTER TABLE ONLY public.osdi_attendances
    ADD CONSTRAINT osdi_attendances_pkey PRIMARY KEY (district_id, enrollment_id, date);
ALTER TABLE ONLY public.osdi_identifiers
    ADD CONSTRAINT osdi_identifiers_pkey PRIMARY KEY (district_id, identifier);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_district_id_sourced_id_unique UNIQUE (district_id, sourced_id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.powerschool_attendance
    ADD CONSTRAINT powerschool_attendance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.powerschool_attendance
    ADD CONSTRAINT powerschool_attendance_section_id_date_enrollment_id_part_uniqu UNIQUE (section_id, date, enrollment_id, part);
ALTER TABLE ONLY public.recounts
    ADD CONSTRAINT recounts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schools
    ADD CONSTRAINT schools_district_id_sourced_id_unique UNIQUE (district_id, sourced_id);
ALTER TABLE ONLY public.schools
    ADD CONSTRAINT schools_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.section_terms
    ADD CONSTRAINT section_terms_pkey PRIMARY KEY (section_id, term_id);
ALTER TABLE ONLY public.sections
    ADD CONSTRAINT sections_district_id_id_unique UNIQUE (district_id, id);
ALTER TABLE ONLY public.sections
    ADD CONSTRAINT sections_district_id_sourced_id_unique UNIQUE (district_id, sourced_id);
ALTER TABLE ONLY public.sections
    ADD CONSTRAINT sections_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT sign_ins_pkey PRIMARY KEY (district_id, person_id);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_district_id_sourced_id_unique UNIQUE (district_id, sourced_id);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.wix_attendances
    ADD CONSTRAINT wix_attendances_pkey PRIMARY KEY (district_id, enrollment_id, date);
CREATE INDEX enrollments_person_id_id_index ON public.enrollments USING btree (person_id, id);
CREATE INDEX enrollments_section_id_id_index ON public.enrollments USING btree (section_id, id);
CREATE INDEX erasures_district_id_index ON public.erasures USING btree (district_id);
CREATE INDEX journal_section_id_id_index ON ONLY public.journal USING btree (section_id, id);
CREATE INDEX journal_2025_section_id_id_idx ON public.journal_2025 USING btree (section_id, id);
CREATE INDEX journal_2026_section_id_id_idx ON public.journal_2026 USING btree (section_id, id);
CREATE INDEX journal_2027_section_id_id_idx ON public.journal_2027 USING btree (section_id, id);
CREATE INDEX journal_2028_section_id_id_idx ON public.journal_2028 USING btree (section_id, id);
CREATE INDEX journal_2029_section_id_id_idx ON public.journal_2029 USING btree (section_id, id);
CREATE INDEX journal_default_section_id_id_idx ON public.journal_default USING btree (section_id, id);
CREATE INDEX osdi_identifiers_district_id_local_part_index ON public.osdi_identifiers USING btree (district_id, local_part);
CREATE INDEX osdi_identifiers_person_id_index ON public.osdi_identifiers USING btree (person_id);
CREATE INDEX people_district_id_email_index ON public.people USING btree (district_id, email);
CREATE INDEX recounts_district_id_index ON public.recounts USING btree (district_id);
CREATE INDEX sections_course_id_index ON public.sections USING btree (course_id);
CREATE INDEX sections_school_index ON public.sections USING btree (district_id, COALESCE(school_id, (0)::bigint));
CREATE INDEX sections_uncounted_index ON public.sections USING btree (district_id) WHERE (revision <> counted_revision);
CREATE INDEX sign_ins_client_id_index ON public.sign_ins USING btree (client_id);
ALTER INDEX public.journal_pkey ATTACH PARTITION public.journal_2025_pkey;
ALTER INDEX public.journal_section_id_id_index ATTACH PARTITION public.journal_2025_section_id_id_idx;
ALTER INDEX public.journal_pkey ATTACH PARTITION public.journal_2026_pkey;
ALTER INDEX public.journal_section_id_id_index ATTACH PARTITION public.journal_2026_section_id_id_idx;
ALTER INDEX public.journal_pkey ATTACH PARTITION public.journal_2027_pkey;
ALTER INDEX public.journal_section_id_id_index ATTACH PARTITION public.journal_2027_section_id_id_idx;
ALTER INDEX public.journal_pkey ATTACH PARTITION public.journal_2028_pkey;
ALTER INDEX public.journal_section_id_id_index ATTACH PARTITION public.journal_2028_section_id_id_idx;
ALTER INDEX public.journal_pkey ATTACH PARTITION public.journal_2029_pkey;
ALTER INDEX public.journal_section_id_id_index ATTACH PARTITION public.journal_2029_section_id_id_idx;
ALTER INDEX public.journal_pkey ATTACH PARTITION public.journal_default_pkey;
ALTER INDEX public.journal_section_id_id_index ATTACH PARTITION public.journal_default_section_id_id_idx;
ALTER INDEX public.marks_pkey ATTACH PARTITION public.marks_2025_pkey;
ALTER INDEX public.marks_pkey ATTACH PARTITION public.marks_2026_pkey;
ALTER INDEX public.marks_pkey ATTACH PARTITION public.marks_2027_pkey;
ALTER INDEX public.marks_pkey ATTACH PARTITION public.marks_2028_pkey;
ALTER INDEX public.marks_pkey ATTACH PARTITION public.marks_2029_pkey;
ALTER INDEX public.marks_pkey ATTACH PARTITION public.marks_default_pkey;
ALTER INDEX public.meetings_pkey ATTACH PARTITION public.meetings_2025_pkey;
ALTER INDEX public.meetings_pkey ATTACH PARTITION public.meetings_2026_pkey;
ALTER INDEX public.meetings_pkey ATTACH PARTITION public.meetings_2027_pkey;
ALTER INDEX public.meetings_pkey ATTACH PARTITION public.meetings_2028_pkey;
ALTER INDEX public.meetings_pkey ATTACH PARTITION public.meetings_2029_pkey;
ALTER INDEX public.meetings_pkey ATTACH PARTITION public.meetings_default_pkey;
ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_person_id_foreign FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_client_id_foreign FOREIGN KEY (client_id) REFERENCES public.api_clients(id);
ALTER TABLE ONLY public.attendance_codes
    ADD CONSTRAINT attendance_codes_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.attendance_codes
    ADD CONSTRAINT attendance_codes_school_id_foreign FOREIGN KEY (school_id) REFERENCES public.schools(id);
ALTER TABLE ONLY public.calendar_days
    ADD CONSTRAINT calendar_days_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.calendar_days
    ADD CONSTRAINT calendar_days_school_id_foreign FOREIGN KEY (school_id) REFERENCES public.schools(id);
ALTER TABLE ONLY public.counted_days
    ADD CONSTRAINT counted_days_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.counted_schools
    ADD CONSTRAINT counted_schools_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.counted_students
    ADD CONSTRAINT counted_students_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.counted_students
    ADD CONSTRAINT counted_students_person_id_foreign FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_school_id_foreign FOREIGN KEY (school_id) REFERENCES public.schools(id);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_person_id_foreign FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_section_id_foreign FOREIGN KEY (section_id) REFERENCES public.sections(id);
ALTER TABLE ONLY public.erased_years
    ADD CONSTRAINT erased_years_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_person_id_foreign FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_client_id_foreign FOREIGN KEY (client_id) REFERENCES public.api_clients(id);
ALTER TABLE public.marks
    ADD CONSTRAINT marks_enrollment_id_foreign FOREIGN KEY (district_id, enrollment_id) REFERENCES public.enrollments(district_id, id);
ALTER TABLE public.marks
    ADD CONSTRAINT marks_section_id_foreign FOREIGN KEY (district_id, section_id) REFERENCES public.sections(district_id, id);
ALTER TABLE public.meetings
    ADD CONSTRAINT meetings_section_id_foreign FOREIGN KEY (district_id, section_id) REFERENCES public.sections(district_id, id);
ALTER TABLE ONLY public.osdi_attendances
    ADD CONSTRAINT osdi_attendances_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.osdi_attendances
    ADD CONSTRAINT osdi_attendances_enrollment_id_foreign FOREIGN KEY (enrollment_id) REFERENCES public.enrollments(id);
ALTER TABLE ONLY public.osdi_identifiers
    ADD CONSTRAINT osdi_identifiers_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.osdi_identifiers
    ADD CONSTRAINT osdi_identifiers_person_id_foreign FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_school_id_foreign FOREIGN KEY (school_id) REFERENCES public.schools(id);
ALTER TABLE ONLY public.powerschool_attendance
    ADD CONSTRAINT powerschool_attendance_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.powerschool_attendance
    ADD CONSTRAINT powerschool_attendance_enrollment_id_foreign FOREIGN KEY (enrollment_id) REFERENCES public.enrollments(id);
ALTER TABLE ONLY public.powerschool_attendance
    ADD CONSTRAINT powerschool_attendance_section_id_foreign FOREIGN KEY (section_id) REFERENCES public.sections(id);
ALTER TABLE ONLY public.recounts
    ADD CONSTRAINT recounts_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.recounts
    ADD CONSTRAINT recounts_section_id_foreign FOREIGN KEY (section_id) REFERENCES public.sections(id);
ALTER TABLE ONLY public.schools
    ADD CONSTRAINT schools_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.section_terms
    ADD CONSTRAINT section_terms_section_id_foreign FOREIGN KEY (section_id) REFERENCES public.sections(id);
ALTER TABLE ONLY public.section_terms
    ADD CONSTRAINT section_terms_term_id_foreign FOREIGN KEY (term_id) REFERENCES public.terms(id);
ALTER TABLE ONLY public.sections
    ADD CONSTRAINT sections_course_id_foreign FOREIGN KEY (course_id) REFERENCES public.courses(id);
ALTER TABLE ONLY public.sections
    ADD CONSTRAINT sections_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.sections
    ADD CONSTRAINT sections_school_id_foreign FOREIGN KEY (school_id) REFERENCES public.schools(id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT sign_ins_client_id_foreign FOREIGN KEY (client_id) REFERENCES public.api_clients(id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT sign_ins_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT sign_ins_person_id_foreign FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.wix_attendances
    ADD CONSTRAINT wix_attendances_district_id_foreign FOREIGN KEY (district_id) REFERENCES public.districts(id);
ALTER TABLE ONLY public.wix_attendances
    ADD CONSTRAINT wix_attendances_enrollment_id_foreign FOREIGN KEY (enrollment_id) REFERENCES public.enrollments(id);
